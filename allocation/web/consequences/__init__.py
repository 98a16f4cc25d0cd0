"""What allocation's acts are about to do, and have done: the pages before and after them (registry.web.confirming). Quota is
determined (`runs`) with a published `balance_values`, cut and withheld (`decisions`), contested (`objections`), issued on
`letters`, held and traded (`accounts`), called for (`notices`) and given back (`surrenders`).
"""
