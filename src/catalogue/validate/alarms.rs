//! What an alarm of the catalogue must hold: values that `PutMetricAlarm` takes.

use super::Check;
use crate::catalogue::types::Alarm;

const STATISTICS: [&str; 4] = ["Average", "Maximum", "Minimum", "Sum"];
/// A day: `PutMetricAlarm` refuses what looks further back, unless its periods are an hour or longer
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html>).
const LOOK_BACK_SECONDS: i64 = 86_400;

impl Check<'_> {
    pub(super) fn alarm(&mut self, name: &str, alarm: &Alarm) {
        let at = |key: &str| format!("alarms.{name}.{key}");
        if !is_percentile(&alarm.statistic) {
            self.known(&at("statistic"), "statistic", &alarm.statistic, &STATISTICS);
        }
        for (key, text) in [("namespace", &alarm.namespace), ("metric", &alarm.metric)] {
            self.require(!text.is_empty(), &at(key), || format!("the {key} is empty"));
        }
        let period = alarm.period_seconds;
        self.require(
            matches!(period, 10 | 20 | 30) || (period >= 60 && period % 60 == 0),
            &at("period_seconds"),
            || format!("{period} is not a period: 10, 20, 30 or a multiple of 60 seconds"),
        );
        self.require(alarm.evaluation_periods >= 1, &at("evaluation_periods"), || {
            "an alarm looks at one period at least".into()
        });
        let look_back = i64::from(period) * i64::from(alarm.evaluation_periods);
        self.require(period >= 3600 || look_back <= LOOK_BACK_SECONDS, &at("evaluation_periods"), || {
            format!("the alarm looks back {look_back} seconds, more than a day")
        });
        self.require(alarm.threshold.is_finite(), &at("threshold"), || "the threshold is not a number".into());
    }
}

/// `p99`, `p99.9`: above 0, below 100.
fn is_percentile(statistic: &str) -> bool {
    let number = statistic.strip_prefix('p').and_then(|number| number.parse::<f64>().ok());
    number.is_some_and(|number| number > 0.0 && number < 100.0)
}

#[cfg(test)]
mod tests {
    use super::is_percentile;
    use crate::catalogue::validate::tests::messages;

    #[test]
    fn percentiles_lie_between_nothing_and_everything() {
        for (statistic, expected) in [("p99", true), ("p99.9", true), ("p100", false), ("99", false), ("Sum", false)] {
            assert_eq!(is_percentile(statistic), expected, "{statistic}");
        }
    }

    #[test]
    fn an_alarm_holds_what_the_service_takes() {
        for (from, to, message) in [
            (
                "statistic = \"Maximum\"",
                "statistic = \"Maximun\"",
                "unknown statistic `Maximun`, did you mean `Maximum`?",
            ),
            (
                "period_seconds = 60",
                "period_seconds = 45",
                "45 is not a period: 10, 20, 30 or a multiple of 60 seconds",
            ),
            ("evaluation_periods = 15", "evaluation_periods = 0", "an alarm looks at one period at least"),
            (
                "evaluation_periods = 15",
                "evaluation_periods = 1500",
                "the alarm looks back 90000 seconds, more than a day",
            ),
        ] {
            assert_eq!(messages(&[(from, to)]), [message], "{from} -> {to}");
        }
    }
}
