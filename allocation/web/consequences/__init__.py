"""What allocation's acts are about to do, and have done: the pages before and after them (registry.web.confirming). Of surrenders
(`surrenders`) and of the registrar's letters (`letters`).
"""
