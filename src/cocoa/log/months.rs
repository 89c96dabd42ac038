//! The names of months in the languages of phones.

/// January first; in lower case, as they stand in dates. English, German, Spanish, French, Italian, Portuguese, Dutch,
/// Danish, Finnish, Polish; names that two of them share stand once.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "enero", "janvier", "gennaio", "janeiro", "januari", "tammikuuta", "stycznia"],
    &["february", "februar", "febrero", "février", "febbraio", "fevereiro", "februari", "helmikuuta", "lutego"],
    &["march", "märz", "marzo", "mars", "março", "maart", "marts", "maaliskuuta", "marca"],
    &["april", "abril", "avril", "aprile", "huhtikuuta", "kwietnia"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "toukokuuta", "maja"],
    &["june", "juni", "junio", "juin", "giugno", "junho", "kesäkuuta", "czerwca"],
    &["july", "juli", "julio", "juillet", "luglio", "julho", "heinäkuuta", "lipca"],
    &["august", "agosto", "août", "augustus", "elokuuta", "sierpnia"],
    &["september", "septiembre", "septembre", "settembre", "setembro", "syyskuuta", "września"],
    &["october", "oktober", "octubre", "octobre", "ottobre", "outubro", "lokakuuta", "października"],
    &["november", "noviembre", "novembre", "novembro", "marraskuuta", "listopada"],
    &["december", "dezember", "diciembre", "décembre", "dicembre", "dezembro", "joulukuuta", "grudnia"],
];

/// English, and German where it differs.
const SHORT: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar", "mär"],
    &["apr"],
    &["may", "mai"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep", "sept"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez"],
];

/// The month of this name in lower case, from 1.
pub(super) fn month(name: &str) -> Option<u8> {
    let months = (1_u8..).zip(MONTHS.iter().zip(SHORT));
    months
        .into_iter()
        .find_map(|(number, (long, short))| (long.contains(&name) || short.contains(&name)).then_some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_that_of_two_months() {
        for (number, (long, short)) in (1..).zip(MONTHS.iter().zip(SHORT)) {
            for name in long.iter().chain(short) {
                assert_eq!(month(name), Some(number), "{name}");
                assert_eq!(name.to_lowercase(), **name);
            }
        }
        assert_eq!(month("monday"), None);
    }
}
