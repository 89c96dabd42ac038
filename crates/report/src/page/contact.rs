//! What was heard of one key on one day, and what became of it.

use gaen::exposure::{Outcome, WindowExplanation};
use gaen::time::UtcDay;
use maud::{Markup, html};

use super::ReportInput;
use super::facts::Facts;
use super::story::{Contact, Story, seconds};
use super::timeline::Frame;
use super::words::{Words, each};

/// Windows of one key and day that are shown at once; a day at home has forty.
const SHOWN_WINDOWS: usize = 3;

pub(super) fn contact(
    input: &ReportInput<'_>,
    story: &Story<'_>,
    frame: &Frame,
    day: UtcDay,
    contact: &Contact<'_>,
    languages: &[&dyn Words],
) -> Markup {
    let key = contact.key;
    let id = format!("{day}-{}", contact.number);
    let figure = |window: &&WindowExplanation| {
        let start = input.offset.local(window.start);
        html! {
            figure {
                figcaption { (each(languages, |language| html! { (language.window(start, input.is_full(), seconds(window))) })) }
                (frame.timeline(window, languages))
            }
        }
    };
    let mut figures = contact.windows.iter().map(figure);
    let folded = contact.windows.get(SHOWN_WINDOWS..).unwrap_or_default();
    let folded_seconds = folded.iter().fold(0, |sum: i64, window| sum.saturating_add(seconds(window)));
    html! {
        article.contact aria-labelledby=(id) {
            h4 id=(id) { (each(languages, |language| html! { (language.contact(contact.number)) })) }
            p.quiet {
                (each(languages, |language| html! {
                    @if key.date != day { (language.key_of(key.date.local_range(input.offset))) (language.labels().sentence_separator) }
                    (language.report(key))
                }))
                @if let Some(tek) = &key.tek {
                    br; (each(languages, |language| html! { (language.labels().key) })) " " code { (tek) }
                }
            }
            ul.marks { (marks(input, story, contact, languages)) }
            div.windows { @for figure in figures.by_ref().take(SHOWN_WINDOWS) { (figure) } }
            @if !folded.is_empty() {
                details.more {
                    summary { (each(languages, |language| html! { (language.more_windows(folded.len(), folded_seconds)) })) }
                    div.windows { @for figure in figures { (figure) } }
                }
            }
        }
    }
}

/// Matched, scored, notified: three results, each with its own first reason for "no".
fn marks(input: &ReportInput<'_>, story: &Story<'_>, contact: &Contact<'_>, languages: &[&dyn Words]) -> Markup {
    let key = contact.key;
    let scored = if input.by_v1() { &key.scored_v1 } else { &key.scored_v2 };
    let mark = |name: fn(&dyn Words) -> &'static str, result: &Outcome, facts: &Facts| {
        html! {
            li.(if result.yes { "yes" } else { "no" }) {
                span aria-hidden="true" { (if result.yes { "✓" } else { "✕" }) } " "
                (each(languages, |language| html! {
                    (name(language)) " " strong { (if result.yes { language.labels().yes } else { language.labels().no }) }
                    @if let Some(reason) = &result.reason {
                        (language.labels().because) (language.reason(reason.code, &reason.text, facts))
                    }
                }))
            }
        }
    };
    html! {
        (mark(|language| language.labels().matched, &key.matched, &Facts::default()))
        (mark(|language| language.labels().scored, scored, &Facts::of_outcome(scored, key, input)))
        (mark(|language| language.labels().notified, &key.notified, &Facts::of_notified(&key.notified, key, &story.days)))
    }
}
