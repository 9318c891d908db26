//! How alike two names are, whatever script, diacritics, order or spelling they come in.
//!
//! A name becomes a list of words: compatibility decomposition (NFKD), transliteration to ASCII (`any_ascii`), lower case,
//! without apostrophes. Where a machine-readable zone spells a letter otherwise (`Ü` is `UE`, by ICAO Doc 9303, part 3,
//! section 6), the word is held in both spellings.
//!
//! Two words are as alike as their Jaro-Winkler similarity says (Winkler 1990, as `strsim` computes it: prefix scale 0.1,
//! 0 to 1), taken over both spellings. Two lists are as alike as the shorter one is covered by the longer one: each of
//! its words is given to another word of the longer, and the similarities are averaged by the words' lengths. So a middle
//! name that only one side has costs nothing, and neither does the order.

use strsim::jaro_winkler;
use unicode_normalization::UnicodeNormalization as _;

/// How many words of a name are looked at.
const LIMIT_WORDS: usize = 16;

/// How many neighbours are tried as one word.
const LIMIT_JOINED: usize = 3;

/// One word of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    plain: String,
    /// As a machine-readable zone spells it, where that differs.
    zone: Option<String>,
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    text.split(|letter: char| !is_part_of_word(letter)).filter_map(Word::new).take(LIMIT_WORDS).collect()
}

/// The words of a text as one normalised text: `Côte d'Ivoire` is `cote divoire`.
pub fn normalised(text: &str) -> String {
    words(text).into_iter().map(|word| word.plain).collect::<Vec<_>>().join(" ")
}

fn is_part_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_apostrophe(letter) || unicode_normalization::char::is_combining_mark(letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´')
}

impl Word {
    fn new(text: &str) -> Option<Self> {
        let decomposed: Vec<char> = text.nfkd().filter(|letter| !is_apostrophe(*letter)).collect();
        let plain = ascii(decomposed.iter().copied());
        let zone = ascii(spelled_in_zone(&decomposed).into_iter());
        (!plain.is_empty()).then(|| Self { zone: (zone != plain).then_some(zone), plain })
    }

    fn length(&self) -> usize {
        self.plain.len()
    }

    /// Both spellings, or the one that there is.
    fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.plain.as_str()).chain(self.zone.as_deref())
    }

    fn likeness(&self, other: &Self) -> f64 {
        self.spellings()
            .flat_map(|own| other.spellings().map(move |others| jaro_winkler(own, others)))
            .fold(0.0, f64::max)
    }

    /// Several words as one.
    fn joined(parts: &[Self]) -> Self {
        let plain: String = parts.iter().map(|part| part.plain.as_str()).collect();
        let zone: String = parts.iter().map(|part| part.zone.as_ref().unwrap_or(&part.plain).as_str()).collect();
        Self { zone: (zone != plain).then_some(zone), plain }
    }
}

fn ascii(letters: impl Iterator<Item = char>) -> String {
    let text: String = letters.collect();
    any_ascii::any_ascii(&text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The letters that a zone spells with two. What decomposes stands here as letter and mark.
fn spelled_in_zone(decomposed: &[char]) -> Vec<char> {
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

/// How alike two lists of words are, 0 to 1. Where one side has a single word, all words of the other have to be covered:
/// a first name alone is nobody's name.
pub fn likeness(one: &[Word], other: &[Word]) -> f64 {
    let (one, other) = (join_as_in(one, other), join_as_in(other, one));
    let (shorter, longer) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    if shorter.len() == 1 { coverage(longer, shorter) } else { coverage(shorter, longer) }
}

/// How well the shorter list is covered by the longer one, even where it is a single word.
fn part_likeness(one: &[Word], other: &[Word]) -> f64 {
    let (one, other) = (join_as_in(one, other), join_as_in(other, one));
    if one.len() <= other.len() { coverage(&one, &other) } else { coverage(&other, &one) }
}

/// Neighbours that are one word in `other` become one word: `Anne Marie` beside `Annemarie`, `van der Berg` beside
/// `Vanderberg`.
fn join_as_in(list: &[Word], other: &[Word]) -> Vec<Word> {
    let mut result = Vec::with_capacity(list.len());
    let mut at = 0;
    while at < list.len() {
        let most = LIMIT_JOINED.min(list.len() - at);
        let joined = (2..=most).rev().find_map(|count| {
            let joined = Word::joined(&list[at..at + count]);
            other
                .iter()
                .any(|word| word.spellings().any(|text| joined.spellings().any(|own| own == text)))
                .then_some((joined, count))
        });
        let (word, count) = joined.unwrap_or_else(|| (list[at].clone(), 1));
        result.push(word);
        at += count;
    }
    result
}

/// The mean likeness of the words of `list` to the words of `by` that they are given to, by length; a word that is left
/// over counts 0. The likest pairs are taken first.
fn coverage(list: &[Word], by: &[Word]) -> f64 {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (row, word) in list.iter().enumerate() {
        pairs.extend(by.iter().enumerate().map(|(column, other)| (word.likeness(other), row, column)));
    }
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let (mut rows, mut columns) = (vec![false; list.len()], vec![false; by.len()]);
    let (mut sum, mut total) = (0.0, 0.0);
    for (likeness, row, column) in pairs {
        if !rows[row] && !columns[column] {
            (rows[row], columns[column]) = (true, true);
            sum += likeness * weight(&list[row]);
        }
    }
    for word in list {
        total += weight(word);
    }
    if total > 0.0 { (sum / total).clamp(0.0, 1.0) } else { 0.0 }
}

fn weight(word: &Word) -> f64 {
    f64::from(u32::try_from(word.length()).unwrap_or(u32::MAX))
}

/// A person's name, as far as its parts are told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Given names; the whole name where the parts are not told apart.
    given: Vec<Word>,
    /// The family name.
    family: Vec<Word>,
}

impl PersonName {
    /// A name of two parts, of which one may be empty.
    pub fn new(given: &str, family: &str) -> Self {
        Self { given: words(given), family: words(family) }
    }

    /// Whether there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty() && self.family.is_empty()
    }

    /// All its words.
    pub fn words(&self) -> Vec<Word> {
        self.given.iter().chain(&self.family).cloned().collect()
    }

    /// How alike two names are, 0 to 1. Where both tell their parts apart, the less alike part decides, so that a family
    /// name is never made up for by given names; the parts may be swapped.
    pub fn likeness(&self, other: &Self) -> f64 {
        let whole = [&self.given, &self.family, &other.given, &other.family].iter().any(|part| part.is_empty());
        if whole {
            return likeness(&self.words(), &other.words());
        }
        let straight = part_likeness(&self.given, &other.given).min(part_likeness(&self.family, &other.family));
        let swapped = part_likeness(&self.given, &other.family).min(part_likeness(&self.family, &other.given));
        straight.max(swapped)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn persons((given, family): (&str, &str), (other_given, other_family): (&str, &str)) -> f64 {
        PersonName::new(given, family).likeness(&PersonName::new(other_given, other_family))
    }

    #[test]
    fn texts_are_normalised() {
        for (text, expected) in [
            ("Müller", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("O’Brien", "obrien"),
            ("Côte d'Ivoire", "cote divoire"),
            ("  Anne-Marie<<Łukasz ", "anne marie lukasz"),
            ("Владимир", "vladimir"),
            ("Nguyễn Văn Än", "nguyen van an"),
            ("İstanbul", "istanbul"),
            ("ﬁne", "fine"),
            ("李", "li"),
            ("\u{301}", ""),
            ("--", ""),
        ] {
            assert_eq!(normalised(text), expected, "{text}");
        }
    }

    #[test]
    fn the_same_person_in_other_words() {
        for (declared, document) in [
            (("Ada", "Lovelace"), ("ADA", "LOVELACE")),
            (("Ada", "Lovelace"), ("AUGUSTA ADA KING", "LOVELACE")),
            (("Ada", "King Lovelace"), ("AUGUSTA ADA", "LOVELACE")),
            (("Anna Maria", "Eriksson"), ("ANNA", "ERIKSSON")),
            (("Lovelace", "Ada"), ("ADA", "LOVELACE")),
            (("Jürgen", "Müßig"), ("JUERGEN", "MUESSIG")),
            (("Jürgen", "Müßig"), ("Jurgen", "Mussig")),
            (("Bjørn", "Åkesson"), ("BJOERN", "AAKESSON")),
            (("Annemarie", "van der Berg"), ("ANNE MARIE", "VANDERBERG")),
            (("Seán", "O'Brien"), ("SEAN", "OBRIEN")),
            (("Владимир", "Кестрельман"), ("VLADIMIR", "KESTRELMAN")),
            (("An", "Nguyễn Văn"), ("VAN AN", "NGUYEN")),
            (("小龙", "李"), ("XIAOLONG", "LI")),
            (("Gabriel", "García"), ("GABRIEL JOSE", "GARCIA MARQUEZ")),
        ] {
            assert!(persons(declared, document) > 0.999, "{declared:?} {document:?}: {}", persons(declared, document));
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_close_and_another_person_is_not() {
        for (declared, document, least, most) in [
            (("Jon", "Smith"), ("JOHN", "SMITH"), 0.88, 0.99),
            (("Erik", "Ericsson"), ("ERIK", "ERIKSSON"), 0.88, 0.99),
            (("Maria", "Anna"), ("ANNA MARIA", "SCHMIDT"), 0.0, 0.75),
            (("Ada", "Lovelace"), ("ADA", "BYRON"), 0.0, 0.75),
            (("Ada", "Lovelace"), ("GRACE", "HOPPER"), 0.0, 0.6),
            (("Ada", "Ada"), ("ADA", "LOVELACE"), 0.0, 0.75),
            (("J", "Smith"), ("JOHN", "SMITH"), 0.75, 0.88),
        ] {
            let likeness = persons(declared, document);
            assert!((least..=most).contains(&likeness), "{declared:?} {document:?}: {likeness}");
        }
    }

    #[test]
    fn a_name_in_one_piece_needs_more_than_one_word_in_common() {
        assert!(persons(("Ada", "Lovelace"), ("Lovelace Ada", "")) > 0.999);
        assert!(persons(("Ada", "Lovelace"), ("Ada", "")) < 0.75);
        assert!(persons(("Ada", "Lovelace"), ("", "")).abs() < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn it_is_a_share(one in "\\PC{0,30}", two in "\\PC{0,30}", three in "\\PC{0,30}", four in "\\PC{0,30}") {
            let likeness = persons((&one, &two), (&three, &four));
            prop_assert!((0.0..=1.0).contains(&likeness));
        }

        #[test]
        fn a_name_is_like_itself_in_any_order(given in "[A-Z][a-z]{1,9}", family in "[A-Z][a-zäöüß]{1,9}") {
            prop_assert!(persons((&given, &family), (&given, &family)) > 0.999);
            prop_assert!(persons((&given, &family), (&family, &given)) > 0.999);
        }
    }
}
