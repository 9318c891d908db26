//! How a word is written in ASCII: as it is read, and as machine-readable zones spell it.
//!
//! Zones follow ICAO Doc 9303, part 3, section 6. Of Latin letters (6 A) those that become two are told apart here: `Ü` is
//! `UE`. Of Cyrillic ones (6 B) the crate `mrz` holds the table: `Ю` is `IU`, and twelve letters depend on the language of
//! the name, which nobody declares, so a word has a spelling of each.

use mrz::CyrillicLanguage::{self, Belarusian, Bulgarian, Macedonian, Russian, Serbian, Ukrainian};
use unicode_normalization::UnicodeNormalization as _;

/// The languages that section 6 B tells apart.
const LANGUAGES: [CyrillicLanguage; 6] = [Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian];

/// As it is read: compatibility decomposition (NFKD), transliteration to ASCII, lower case.
pub fn plain(text: &str) -> String {
    ascii(text.nfkd())
}

/// As zones spell it: nothing where that is as it is read, one spelling where all languages have the same, or one for each.
pub fn in_zones(text: &str) -> Vec<String> {
    let spelled = |text: &str| ascii(letters_of_zone(&text.nfkd().collect::<Vec<_>>()).into_iter());
    // The table has letters, not letters and marks.
    let composed: String = text.nfkc().map(as_listed).collect();
    let spellings = if composed.chars().any(is_cyrillic) {
        LANGUAGES.map(|language| spelled(&mrz::transliterate_cyrillic(&composed, language))).to_vec()
    } else {
        vec![spelled(text)]
    };
    merged(&plain(text), spellings)
}

/// Spellings by language, without those that say nothing new: see [`in_zones`].
pub fn merged(plain: &str, mut spellings: Vec<String>) -> Vec<String> {
    if spellings.iter().all(|spelling| *spelling == spellings[0]) {
        spellings.truncate(1);
    }
    if spellings.len() == 1 && spellings[0] == plain {
        spellings.clear();
    }
    spellings
}

fn ascii(letters: impl Iterator<Item = char>) -> String {
    let text: String = letters.collect();
    any_ascii::any_ascii(&text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{52F}').contains(&letter)
}

/// Section 6 B lists the Macedonian `Ѓ` under the code of another letter that looks like it.
fn as_listed(letter: char) -> char {
    match letter {
        'Ѓ' | 'ѓ' => '\u{492}',
        other => other,
    }
}

/// The Latin letters that a zone spells with two. What decomposes stands here as letter and mark.
fn letters_of_zone(decomposed: &[char]) -> Vec<char> {
    let mut spelled = Vec::with_capacity(decomposed.len() + 2);
    for (index, letter) in decomposed.iter().copied().enumerate() {
        let mark = decomposed.get(index + 1).copied();
        spelled.push(match letter {
            'Ø' | 'ø' => 'o',
            other => other,
        });
        match (letter, mark) {
            ('a' | 'A' | 'o' | 'O' | 'u' | 'U', Some('\u{308}')) | ('Ø' | 'ø', _) => spelled.push('e'),
            ('a' | 'A', Some('\u{30A}')) => spelled.push('a'),
            _ => {}
        }
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every spelling that a word has, as it is read first.
    fn all(text: &str) -> Vec<String> {
        std::iter::once(plain(text)).chain(in_zones(text)).collect()
    }

    #[test]
    fn latin_letters_have_one_spelling_more_at_most() {
        for (text, expected) in [
            ("Muller", vec!["muller"]),
            ("Müller", vec!["muller", "mueller"]),
            ("Mu\u{308}ller", vec!["muller", "mueller"]),
            ("Åkesson", vec!["akesson", "aakesson"]),
            ("Bjørn", vec!["bjorn", "bjoern"]),
            ("Müßig", vec!["mussig", "muessig"]),
            ("Łukasz", vec!["lukasz"]),
            ("李", vec!["li"]),
            ("", vec![""]),
        ] {
            assert_eq!(all(text), expected, "{text}");
        }
    }

    /// Letters of section 6 B that are transliterated otherwise than read, or depend on the language.
    #[test]
    fn cyrillic_letters_by_their_table() {
        for (text, spellings) in [
            ("Юлия", ["yuliya", "iuliia"].as_slice()),
            ("Юлія", &["yuliya", "iuliia", "yuliia"]),
            ("Яна", &["yana", "iana"]),
            ("Татьяна", &["tatyana", "tatiana"]),
            ("Подъячев", &["podyachev", "podieiachev"]),
            ("Щербаков", &["shcherbakov", "shterbakov"]),
            ("Хвіщук", &["khvishchuk"]),
            ("Андрей", &["andrei"]),
            ("Эдуард", &["eduard"]),
            ("Алёна", &["alena", "aliona"]),
            ("Ольга", &["olga", "olha"]),
            ("Євген", &["ievgen", "yevhen"]),
            ("Їжакевич", &["izhakevich", "yizhakevych"]),
            ("Ґалаґан", &["galagan"]),
            ("Ігар", &["igar", "ihar"]),
            ("Ўладзімір", &["uladzimir"]),
            ("Цветковић", &["tsvetkovic", "cvetkovic"]),
            ("Жељко", &["zheljko", "zeljko"]),
            ("Ђорђе", &["djordje", "dorde"]),
            ("Ѓорѓи", &["gorgi", "gjorgji"]),
            ("ѓорѓи", &["gorgi", "gjorgji"]),
            ("Ќире", &["kire", "kjire"]),
        ] {
            let all = all(text);
            for spelling in spellings {
                assert!(all.iter().any(|one| one == spelling), "{text} is not {spelling}: {all:?}");
            }
        }
    }

    #[test]
    fn spellings_that_say_nothing_new_are_left_out() {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(merged("a", texts(&["a", "a"])), texts(&[]));
        assert_eq!(merged("a", texts(&["b", "b"])), texts(&["b"]));
        assert_eq!(merged("a", texts(&["a", "b"])), texts(&["a", "b"]));
        assert_eq!(in_zones("Иван").len(), LANGUAGES.len(), "Ukrainian has another И");
        assert_eq!(in_zones("Анна"), texts(&[]));
    }
}
