"""A second calculator, written from the rules alone: it imports nothing of the product, so that an error would have to be made twice.

`emissions` computes months and years, `quota` determination, balance value and settlement, both in fractions; `factors.json` holds the
rules' default factors. `facts` draws random months, `adapter` states the same facts in the product's own terms.
"""
