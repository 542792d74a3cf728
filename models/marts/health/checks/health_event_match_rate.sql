{{ match_rate_check('event') }}
