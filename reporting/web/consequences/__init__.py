"""What reporting's acts are about to do, and have done: the pages before and after them (registry.web.confirming), of `months`,
of control `plans`, of annual `reports` and their verification.
"""
