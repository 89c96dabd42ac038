//! A page as a browser would parse it, which must have nothing to correct in it.

use std::rc::Rc;

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Elements that do not end a line.
const INLINE: [&str; 8] = ["a", "b", "br", "code", "span", "strong", "sup", "wbr"];

pub(crate) struct Page(RcDom);

pub(crate) struct Element(Handle);

impl Page {
    /// Parses a page without any error of form.
    #[track_caller]
    pub(crate) fn parse(text: &str) -> Self {
        let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(text);
        assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
        Self(dom)
    }

    /// All elements of this name, in order.
    pub(crate) fn all(&self, name: &str) -> Vec<Element> {
        self.elements().into_iter().filter(|element| element.name() == name).collect()
    }

    /// Each text in the page's body, by itself, but for the style.
    pub(crate) fn texts(&self) -> Vec<String> {
        let leaves = self.all("main")[0].0.clone();
        fn walk(node: &Handle, texts: &mut Vec<String>) {
            let children = node.children.borrow();
            let inline = |child: &Handle| match &child.data {
                NodeData::Text { .. } => true,
                NodeData::Element { name, .. } => INLINE.contains(&&*name.local),
                _ => false,
            };
            if children.iter().all(inline) {
                texts.push(Element(Rc::clone(node)).text());
            } else {
                children.iter().for_each(|child| walk(child, texts));
            }
        }
        let mut texts = Vec::new();
        walk(&leaves, &mut texts);
        texts
    }

    /// All elements with this attribute, in order.
    pub(crate) fn with_attribute(&self, name: &str) -> Vec<Element> {
        self.elements().into_iter().filter(|element| element.attribute(name).is_some()).collect()
    }

    fn elements(&self) -> Vec<Element> {
        fn walk(node: &Handle, elements: &mut Vec<Element>) {
            if matches!(node.data, NodeData::Element { .. }) {
                elements.push(Element(Rc::clone(node)));
            }
            node.children.borrow().iter().for_each(|child| walk(child, elements));
        }
        let mut elements = Vec::new();
        walk(&self.0.document, &mut elements);
        elements
    }
}

impl Element {
    fn name(&self) -> &str {
        match &self.0.data {
            NodeData::Element { name, .. } => &name.local,
            _ => "",
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let NodeData::Element { attrs, .. } = &self.0.data else { return None };
        attrs
            .borrow()
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| attribute.value.to_string())
    }

    /// The text of it and of all in it.
    pub(crate) fn text(&self) -> String {
        fn walk(node: &Handle, text: &mut String) {
            if let NodeData::Text { contents } = &node.data {
                text.push_str(&contents.borrow());
            }
            node.children.borrow().iter().for_each(|child| walk(child, text));
        }
        let mut text = String::new();
        walk(&self.0, &mut text);
        text
    }
}
