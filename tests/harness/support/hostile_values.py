"""The values that random worlds are made of: hostile text, near misses, and ties."""

from oracle.raw import Attribute

MISSING = (None, "", "  ", "\t\n")
HOLDBACKS = (None, None, True, True)
VISITORS = (
    "user_1",
    "User_1",
    "user_1 ",
    "NULL",
    "null",
    " undefined",
    "Undefined",
    "o'brien",
    'the "quoted"',
    "a,b;c|d",
    "line\nbreak",
    "back\\slash",
    "{{ var('x') }}",
    "{% raw %}{#",
    "'; drop table experiment_units; --",
    "99999999999999999999999",
    "099999999999999999999999",
    "\u00e9t\u00e9",  # composed …
    "e\u0301te\u0301",  # … and not: two ids
    "\U0001f389",
    "\uffee",  # sorts before the emoji by code point, after it by UTF-16 unit
    "%_%",
    "(not set)",
)
EXPERIMENTS = (
    "18786493712",
    "o'exp",
    "{{ exp }}",
    "\u5b9f\u9a13 1",
    "18786493712 ",
    "../a/b=c?*[x]",
)
VARIATIONS = ("a", "b", "A", "v 'c'", "18802093142")
AGENTS = (
    *(None,) * 12,
    *("Mozilla/5.0", "python-requests/2.24.0", "curl/") * 4,
    "Googlebot/2.1",
    "O'BRIEN",
    "curl/7",
)

CHROME = Attribute("browser", "custom", "chrome")
SAFARI = Attribute("browser", "custom", "safari")
PAID = Attribute("plan", "custom", "it's {{ paid }}")
ATTRIBUTE_LISTS: tuple[tuple[Attribute | None, ...] | None, ...] = (
    (CHROME,),
    (SAFARI,),
    (),
    None,
    (CHROME, PAID),
    (CHROME, SAFARI),
    (SAFARI, CHROME, CHROME),
    (Attribute("browser", "custom", None), SAFARI),
    (Attribute("browser", "custom", None),),
    (
        Attribute("browser", "metadata", "true"),
        Attribute("attribution/captured", "metadata", "true"),
    ),
    (Attribute("browser", None, "no type"),),
    (Attribute(None, "browser", "opera"), PAID),
    (Attribute("", "browser", "opera"), CHROME),
    (Attribute("\t", "device", "phone"), Attribute(None, "metadata", "true")),
    (Attribute("$opt_bot_filtering", "custom", "false"), Attribute("$optimal", "custom", "yes")),
    (Attribute("browser", "custom", ""), PAID),
    (Attribute("Browser", "custom", "Chrome"), Attribute(" browser", "custom", "spaced")),
    (Attribute("browser", "custom", "(not set)"),),
    (Attribute("browser", "custom", "\U0001f389"), Attribute("browser", "custom", "\uffee")),
    (None, CHROME),
    (Attribute(None, None, "nothing names it"), Attribute(" ", None, "nor this"), SAFARI),
)
ELECTRONICS = ("category", "electronics")
TAGS: tuple[tuple[tuple[str, str | None], ...] | None, ...] = (
    *((ELECTRONICS,),) * 4,
    (("product", "phone"), ELECTRONICS),
    (("category", "Electronics"),),
    (("category", "electronics "),),
    (("category", None),),
    (("Category", "electronics"),),
    (("it's", "{{ 7 * 7 }}"),),
    (),
    None,
)
EVENT_NAMES = (
    *("purchase", "detail_page_view") * 5,
    "Purchase",
    "Detail_page_view",
    "purchase ",
    "",
    None,
    "(not set)",
    "it's; {{ }}",
)
REVENUES = (995, 1000, None, 0, 1, -250, 10**12)
DURATIONS = ("1.5", "8.495310611", "0", "60", "0.1", "-2", "1e2")
BAD_DURATIONS = (None, "", "abc", "nan", "inf", "-Infinity", "1,5")
BAD_STARTS = (None, "", "soon", "13/1/2020 0:00:00", "9/31/2020 0:00:00", "9/15/2020")
