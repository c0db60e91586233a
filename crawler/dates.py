"""The site's dates: every form that Republika prints, read into moments of +07:00.

The forms that the site is known to print are read by patterns, in a thousandth of the time that
dateparser takes; it cannot read most of them ("Senin 15 Aug 2022": an Indonesian weekday beside an
English month). dateparser reads relative dates, and is asked last about what no pattern matches:
then a day, a month and a year must be named, else it would make a date of "2022" or "Senin".
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from time import time as clock

WIB = timezone(timedelta(hours=7))
DAY_END = "T24"  # after a day, for SQL: later than its last moment, and before the next day's first

_MAX_LENGTH = 500  # a date with its label has some 60 characters; the rest is room for indentation
_YEARS = range(1990, 2101)  # outside: a placeholder, such as the 1970 of the feeds

_ZONE_HOURS = {"wib": 7, "wita": 8, "wit": 9, "gmt": 0, "utc": 0, "z": 0}

# The number of each month, by every spelling that is met or likely.
_MONTHS = {
    spelling: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "february", "feb", "pebruari", "peb"),
            ("maret", "march", "mar", "mrt"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("agustus", "august", "agu", "agt", "ags", "agust", "aug"),
            ("september", "sept", "sep"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "december", "des", "dec"),
        ),
        start=1,
    )
    for spelling in names
}

_WEEKDAY = r"""(?:
    senin | senen | selasa | rabu | rabo | kamis | kemis | jum['\ ;]?a?at | sabtu | saptu | minggu
    | ahad
    | sen | sel | rab | kam | jum | sab | min
    | (?:mon | tues | wednes | thurs | fri | satur | sun)day
    | mon | tue | wed | thu | fri | sat | sun
)"""
# "Rejogja - ", "Politik | ", "Terbit: ". A number may only close it ("Liga 1 - "): one with
# a number inside is itself a date, as in the page header, Hijri and Gregorian.
_LABEL = r"(?: [^\W\d] [^\d|:/]{0,28}? [0-9]{0,4} \s? [-–—|:] \s? )?"
_BREAK = r"[\s,|–—-]+ (?: (?:pukul | pkl[.]? | jam) \s )?"
_ZONE = r"""\(? (?P<zone>
    wib | wita | wit | (?:gmt | utc)? [+-][0-9]{1,2}(?::?[0-9]{2})? | gmt | utc | z
) \)?"""
_TIME = rf"""
    (?P<hour>[0-9]{{1,2}}) [:.] (?P<minute>[0-9]{{2}}) (?: [:.] (?P<second>[0-9]{{2}}) )?
    (?: \s? {_ZONE} )?"""

_WORDS = re.compile(
    rf"""{_LABEL} (?: {_WEEKDAY} [\s,.]* )?
    (?P<day>[0-9]{{1,2}}) [\s-]? (?P<month>{"|".join(_MONTHS)}) [.,]? [\s-]? (?P<year>[0-9]{{4}})
    (?: {_BREAK} {_TIME} )?
    (?: \s komentar \s? : \s? [0-9]+ )?  # in 2015 the counter stands in the date's element
    """,
    re.VERBOSE,
)
_NUMBERS = re.compile(  # the day first, as everywhere in Indonesia
    rf"""(?: {_WEEKDAY} [\s,.]* )?
    (?P<day>[0-9]{{1,2}}) (?P<mark>[/.-]) (?P<month>[0-9]{{1,2}}) (?P=mark) (?P<year>[0-9]{{4}})
    (?: {_BREAK} {_TIME} )?
    """,
    re.VERBOSE,
)
_ISO = re.compile(
    rf"""{_LABEL}
    (?P<day> [0-9]{{4}} (?P<mark>[/-]) [0-9]{{2}} (?P=mark) [0-9]{{2}} )
    (?: [t\s] (?P<time> [0-9]{{2}}:[0-9]{{2}} (?: :[0-9]{{2}} (?: [.][0-9]{{1,9}} )? )? )
        (?: \s? {_ZONE} )? )?
    """,
    re.VERBOSE,
)
_COUNTS = {
    word: str(number)
    for number, word in enumerate(
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split(), start=1
    )
}
_AGO = re.compile(
    rf"""{_LABEL}
    (?P<span> (?: (?: (?: [0-9]{{1,4}} | an? | {"|".join(_COUNTS)} ) \s | se ) (?:
        detik | menit | jam | hari | minggu | bulan | tahun
        | (?: second | minute | hour | day | week | month | year )s?
    ) \s ){{1,3}} )
    (?: (?: yang | yg ) \s )? (?P<ago> lalu | ago )
    """,
    re.VERBOSE,
)
_NEAR = re.compile(
    rf"""{_LABEL}
    (?: (?P<now> baru\ saja | just\ now )
      | (?: (?P<today> hari\ ini | today ) | kemar[ie]n | yesterday ) (?: {_BREAK} {_TIME} )? )
    """,
    re.VERBOSE,
)
_ONE = re.compile(r"\bse(?=(?:detik|menit|jam|hari|minggu|bulan|tahun)\b)")  # "sehari"
# What is worth asking dateparser: a few words and numbers, a year with or after them.
_MAY_BE_DATE = re.compile(
    r"(?=.{6,60}$)(?=.*[a-z])(?:[a-z']+[.,]?\s){0,2}[0-9]{1,2}(?:st|nd|rd|th)?[\s./-]+[a-z]{3,10}[.,]?"
    r"[\s./-]+(?:19|20)[0-9]{2}\b[^/()]{0,30}"
    r"|(?:[a-z']+,?\s)?[a-z]{3,10}\.?\s[0-9]{1,2},?\s(?:19|20)[0-9]{2}\b[^/()]{0,30}"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ′", "'"))


def parse_date(text: str, now: datetime | None = None) -> datetime | None:
    """The moment that ``text`` states, in +07:00 and to the second; None unless it states one.

    ``text`` is a date as the site prints it or as its feeds and metadata give it; a label before it
    ("Rejogja - ...") is passed over, any other text makes it no date. Without a zone it is WIB,
    without a time midnight, and the weekday is not checked. Hijri dates, dates without a year,
    impossible ones and years outside 1990-2100 are None.

    ``now`` is when the text was fetched: "7 menit yang lalu" and "Kemarin 10:20" count from it, and
    are None without it, as the clock says nothing of an older page. Never raises.
    """
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        return None
    if not text.isascii() or "`" in text:
        text = _INVISIBLE.sub("", text).translate(_APOSTROPHES)
    text = " ".join(text.lower().split())
    text = text.strip(" ,.|-–—")
    try:
        moment = _absolute(text)
        if moment is None and now is not None:
            moment = _relative(text, now if now.tzinfo else now.replace(tzinfo=WIB))
        if moment is None and _MAY_BE_DATE.fullmatch(text):
            moment = _asked(text)
        moment = moment and moment.astimezone(WIB).replace(microsecond=0)
    except (ValueError, OverflowError):  # no such day, time, offset or year
        return None
    return moment if moment and moment.year in _YEARS else None


def now() -> datetime:
    """This moment, to the second."""
    return datetime.fromtimestamp(int(clock()), WIB)


def asked_moment(text: str) -> str:
    """A moment that a user gave, as the database writes it; without a zone it is in Jakarta's.

    Raises ValueError for what is not one.
    """
    try:
        value = datetime.fromisoformat(text)
        return iso(value.astimezone(WIB) if value.tzinfo else value.replace(tzinfo=WIB))
    except (ValueError, OverflowError):
        message = f"{text!r} is not a moment; give it as 2022-08-15 or 2022-08-15T09:15"
        raise ValueError(message) from None


def iso(moment: datetime) -> str:
    """ISO 8601 to the second with +07:00, as the columns hold it; ``moment`` must be aware."""
    return moment.astimezone(WIB).isoformat(timespec="seconds")


def _absolute(text: str) -> datetime | None:
    if match := _WORDS.fullmatch(text):
        month = _MONTHS[match["month"]]
    elif match := _ISO.fullmatch(text):
        day_text = match["day"].replace("/", "-")
        moment = datetime.fromisoformat(f"{day_text}T{match['time'] or '00:00'}")
        return moment.replace(tzinfo=_zone(match["zone"]))
    elif match := _NUMBERS.fullmatch(text):
        month = int(match["month"])
    else:
        return None
    day = date(int(match["year"]), month, int(match["day"]))
    return datetime.combine(day, _clock(match), _zone(match["zone"]))


def _relative(text: str, now: datetime) -> datetime | None:
    if match := _AGO.fullmatch(text):
        span = " ".join(_COUNTS.get(word, word) for word in _ONE.sub("1 ", match["span"]).split())
        return _ago(f"{span} {match['ago']}", now.astimezone(WIB))
    if not (match := _NEAR.fullmatch(text)):
        return None
    if match["now"]:
        return now
    zone = _zone(match["zone"])
    day = now.astimezone(zone).date()
    if not match["today"]:
        day -= timedelta(days=1)
    return datetime.combine(day, _clock(match), zone)


@lru_cache(maxsize=256)  # dateparser takes 1 ms, and a listing says the same many times
def _ago(text: str, now: datetime) -> datetime | None:
    import dateparser

    moment: datetime | None = dateparser.parse(
        text,
        languages=["id", "en"],
        settings={
            "PARSERS": ["relative-time"],
            "RELATIVE_BASE": now,
            "TIMEZONE": "Asia/Jakarta",
            "RETURN_AS_TIMEZONE_AWARE": True,
        },
    )
    return moment


@lru_cache(maxsize=1024)  # it takes 3 ms, and what is read together is of few days
def _asked(text: str) -> datetime | None:
    import dateparser

    moment: datetime | None = dateparser.parse(
        text,
        languages=["id", "en"],
        settings={
            "REQUIRE_PARTS": ["day", "month", "year"],
            "DATE_ORDER": "DMY",
            "TIMEZONE": "Asia/Jakarta",
            "RETURN_AS_TIMEZONE_AWARE": True,
            "PARSERS": ["absolute-time"],
        },
    )
    return moment


def _clock(match: re.Match[str]) -> time:
    """The time that was matched, midnight where none was; ValueError for an impossible one."""
    return time(int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0))


def _zone(name: str | None) -> timezone:
    """The zone of "wita", "z", "+0700" or "gmt+7"; WIB where none is named."""
    if name is None:
        return WIB
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name]))
    digits = name.lstrip("gmtuc+-").replace(":", "")
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if "-" in name else offset)
