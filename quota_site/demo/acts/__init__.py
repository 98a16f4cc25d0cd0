"""What people do in the country, the real services driven: the directory (`listing`), control `plans`, months
(`handing_in`, `supporting`, `asking`, `systems`), reports and verification (`yearly_reports`), `quota`, what is
contested (`contesting`), trades (`exchange`) and `surrendering`.
"""
