"""The compliance obligation 应清缴: a notice states it (`notices`), adjustment notices change it (`adjustments`), so much
is owed at an instant (`owed`) and left after trades (`after_trades`); tonnes are surrendered (`surrender`), a
certificate says that the year is met (`certificates`); what a breach costs is dated law (`penalties`), beside what
a tonne cost (`prices`).
"""
