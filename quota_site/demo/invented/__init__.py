"""What is invented, as plain data: which `sectors` a country has, how large it is (`scales`) and how it is spread (`provinces`), its
enterprises (`country`) with their `names` and `figures`, by chance that can be repeated (`random_values`); what
happens to single units (`scenarios`), what clerks get wrong (`faults`), and supporting `papers`.
"""
