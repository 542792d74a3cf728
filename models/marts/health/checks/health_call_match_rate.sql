{{ match_rate_check('call') }}
