//! The centuries of a zone's dates: it gives two digits of a year, and Doc 9303 leaves the others to the reader.

use jiff::civil::Date;

/// How far ahead a date of expiry may be. No document is issued for so long, but some are issued for life.
const YEARS_AHEAD: i16 = 50;

/// The year within its century.
pub fn year_of_century(date: Date) -> u32 {
    u32::from(date.year().rem_euclid(100).unsigned_abs())
}

/// As a date of the calendar.
pub fn calendar(date: mrz::Date) -> Option<Date> {
    let part = |value: u32| i8::try_from(value).ok();
    Date::new(i16::try_from(date.year).ok()?, part(date.month)?, part(date.day)?).ok()
}

/// Nobody is born after today, so a date of birth that would be was a century earlier; nothing where that century did
/// not have the day.
pub fn of_birth(date: Date, today: Date) -> Option<Date> {
    if date > today { century_earlier(date) } else { Some(date) }
}

/// The century that puts an expiry nearest to today. A document that expired in 1998 must not come back in 2098.
pub fn of_expiry(date: Date, today: Date) -> Option<Date> {
    if date.year() > today.year() + YEARS_AHEAD { century_earlier(date) } else { Some(date) }
}

fn century_earlier(date: Date) -> Option<Date> {
    Date::new(date.year() - 100, date.month(), date.day()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn births_are_past_and_expiries_near() {
        let today = date(2026, 11, 23);
        for (given, expected) in [
            (date(2026, 11, 23), Some(date(2026, 11, 23))),
            (date(2026, 11, 24), Some(date(1926, 11, 24))),
            (date(1927, 1, 1), Some(date(1927, 1, 1))),
            (date(2000, 2, 29), Some(date(2000, 2, 29))),
        ] {
            assert_eq!(of_birth(given, today), expected, "{given}");
        }
        assert_eq!(of_birth(date(2000, 2, 29), date(1999, 1, 1)), None);
        for (given, expected) in [
            (date(2012, 4, 15), date(2012, 4, 15)),
            (date(2076, 1, 1), date(2076, 1, 1)),
            (date(2077, 1, 1), date(1977, 1, 1)),
            (date(2098, 6, 30), date(1998, 6, 30)),
        ] {
            assert_eq!(of_expiry(given, today), Some(expected), "{given}");
        }
    }

    #[test]
    fn only_days_of_the_calendar() {
        assert_eq!(calendar(mrz::Date::new(1974, 8, 12)), Some(date(1974, 8, 12)));
        assert_eq!(calendar(mrz::Date::new(1974, 2, 30)), None);
        assert_eq!(year_of_century(date(2007, 1, 1)), 7);
    }
}
