//! Commands of curl, as documentation shows them. They are read as a shell would split them into words; nothing is ever run.

/// A request that a command would send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Curl {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<String>,
    /// Where the command begins in the text.
    pub(super) offset: usize,
}

/// Options with a value that say nothing about the request.
const WITH_VALUE: &[&str] = &[
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-w",
    "--write-out",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "--cert",
    "--key",
    "-x",
    "--proxy",
];

/// The first command of curl in a text.
pub(super) fn find(text: &str) -> Option<Curl> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let command = line.trim_start().trim_start_matches("$ ");
        if command.starts_with("curl ") {
            let start = offset + (line.len() - command.len());
            return read(text.get(start..)?, start);
        }
        offset += line.len();
    }
    None
}

fn read(text: &str, offset: usize) -> Option<Curl> {
    let mut words = words(text).into_iter().skip(1);
    let (mut method, mut url, mut headers, mut data, mut as_query) = (None, None, Vec::new(), Vec::new(), false);
    while let Some(word) = words.next() {
        let (option, joined) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
            // `-XDELETE` is `-X DELETE`.
            _ if word.len() > 2
                && (word.starts_with("-X") || word.starts_with("-H") || word.starts_with("-d"))
                && word.is_char_boundary(2) =>
            {
                let (option, value) = word.split_at(2);
                (option.to_owned(), Some(value.to_owned()))
            }
            _ => (word, None),
        };
        let mut value = || joined.clone().or_else(|| words.next());
        match option.as_str() {
            "-X" | "--request" => method = value(),
            "--url" => url = value(),
            "-H" | "--header" => {
                if let Some((name, value)) = value().as_deref().and_then(|header| header.split_once(':')) {
                    headers.push((name.trim().to_owned(), value.trim().to_owned()));
                }
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" => data.extend(value()),
            "--json" => {
                data.extend(value());
                headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            }
            "-u" | "--user" => {
                value();
                headers.push(("Authorization".to_owned(), "Basic ***".to_owned()));
            }
            "-G" | "--get" => as_query = true,
            "-I" | "--head" => method = Some("HEAD".to_owned()),
            option if WITH_VALUE.contains(&option) => {
                value();
            }
            option if option.starts_with('-') => {}
            plain => url = url.or_else(|| Some(plain.to_owned())),
        }
    }
    let mut url = url?;
    let mut body = (!data.is_empty()).then(|| data.join("&"));
    if as_query && let Some(query) = body.take() {
        url = format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' });
    }
    if !url.contains("://") {
        return None;
    }
    let method = method.unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned()).to_ascii_uppercase();
    Some(Curl { method, url, headers, body, offset })
}

/// The words of one command: quotes and escapes undone, lines that end in `\` joined; it ends with its line, or at `|`, `;` and `&`.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('\r') => {
                    letters.next_if_eq(&'\n');
                }
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '\'' => {
                let text = word.get_or_insert_default();
                text.extend(letters.by_ref().take_while(|letter| *letter != '\''));
            }
            '"' => {
                let text = word.get_or_insert_default();
                while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                    match letter {
                        '\\' => text.extend(letters.next()),
                        letter => text.push(letter),
                    }
                }
            }
            '\n' | '|' | ';' => break,
            '&' if word.is_none() => break,
            letter if letter.is_whitespace() => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_split_as_a_shell_does() {
        let text = "# try it\n$ curl -X DELETE 'https://h/a?b=1' \\\n  -H \"X-Key: a \\\"b\\\"\" \\\n  --data '{\"a\": \"it'\\''s\"}' | jq\ncurl other\n";
        let curl = find(text).expect("a command");
        assert_eq!((curl.method.as_str(), curl.url.as_str()), ("DELETE", "https://h/a?b=1"));
        assert_eq!(curl.headers, [("X-Key".to_owned(), "a \"b\"".to_owned())]);
        assert_eq!(curl.body.as_deref(), Some("{\"a\": \"it's\"}"));
        assert_eq!(text.get(curl.offset..).map(|rest| rest.starts_with("curl -X")), Some(true));
    }

    #[test]
    fn what_is_not_said_follows_from_the_rest() {
        for (command, method, url, body) in [
            ("curl https://h/a", "GET", "https://h/a", None),
            ("curl --request=PATCH --url=https://h/a", "PATCH", "https://h/a", None),
            ("curl -s -o out.json https://h/a -d x=1 -d y=2", "POST", "https://h/a", Some("x=1&y=2")),
            ("curl -G https://h/a?z=0 -d x=1", "GET", "https://h/a?z=0&x=1", None),
            ("curl -XPUT https://h/a -d '{}'", "PUT", "https://h/a", Some("{}")),
        ] {
            let curl = find(command).expect(command);
            assert_eq!((curl.method.as_str(), curl.url.as_str(), curl.body.as_deref()), (method, url, body), "{command}");
        }
        assert_eq!(find("curling is a sport"), None);
        assert_eq!(find("curl $URL/contacts"), None, "a URL that only a shell knows");
    }
}
