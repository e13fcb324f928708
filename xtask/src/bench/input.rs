//! What is measured on: a document of the usual make, and recordings of valid exchanges with small and with large bodies.

use std::fmt::Write as _;
use std::io::{self, Read};

use serde_json::{Value, json};

/// A document with a server, parameters, credentials, headers, references, a union, formats and constraints.
pub(crate) const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Library, version: 1.0.0}
servers: [{url: 'https://api.library.example/v1'}]
security: [{key: []}]
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 1000}}
        - {name: sort, in: query, schema: {type: string, enum: [title, year]}}
      responses:
        '200':
          description: books
          headers:
            X-Total: {schema: {type: integer}}
          content:
            application/json:
              schema:
                type: object
                required: [data]
                properties:
                  data: {type: array, items: {$ref: '#/components/schemas/Book'}}
                  next: {type: string, nullable: true}
        default: {$ref: '#/components/responses/Problem'}
  /books/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get:
      operationId: getBook
      responses:
        '200':
          description: a book
          content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}
        default: {$ref: '#/components/responses/Problem'}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-API-Key}}
  responses:
    Problem:
      description: what went wrong
      content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}
  schemas:
    Problem:
      type: object
      properties: {code: {type: integer}, message: {type: string}}
    Person:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1}
        email: {type: string, format: email}
        born: {type: integer, nullable: true}
    Book:
      type: object
      required: [id, title, authors]
      properties:
        id: {type: string, format: uuid}
        title: {type: string, maxLength: 500}
        subtitle: {type: string, nullable: true}
        year: {type: integer, minimum: 0}
        price: {type: number}
        available: {type: boolean}
        language: {type: string, enum: [de, en, fr, it]}
        added: {type: string, format: date-time}
        tags: {type: array, items: {type: string}}
        authors: {type: array, items: {$ref: '#/components/schemas/Person'}}
        shelf:
          allOf:
            - type: object
              properties: {room: {type: string}}
            - type: object
              properties: {row: {type: integer}}
        format:
          oneOf:
            - type: object
              required: [pages]
              properties: {pages: {type: integer}, weight: {type: number}}
            - type: object
              required: [seconds]
              properties: {seconds: {type: integer}, reader: {type: string}}
";

/// The schemas of the two answers, as pointers into the document.
pub(super) const BOOK: &str = "/components/schemas/Book";
pub(super) const BOOKS: &str = "/paths/~1books/get/responses/200/content/application~1json/schema";

/// How many books stand in a large body.
const MANY: usize = 400;

fn book(number: usize) -> Value {
    let format = if number.is_multiple_of(2) {
        json!({"pages": 100 + number % 900, "weight": 0.5})
    } else {
        json!({"seconds": 3600 + number, "reader": "Ada \"the voice\" Blank"})
    };
    json!({
        "id": format!("0f8fad5b-d9cb-469f-a165-{number:012x}"),
        "title": format!("The book of the number {number}: growth, decline and everything between"),
        "subtitle": null,
        "year": 1900 + number % 120,
        "price": 12.5,
        "available": !number.is_multiple_of(3),
        "language": "de",
        "added": "2026-01-31T12:30:00Z",
        "tags": ["natural sciences", "arithmetic", "second-hand"],
        "authors": [{"name": "Zoë Blank", "email": "zoe@blank.example", "born": 1970}, {"name": "Q. Writer", "born": null}],
        "shelf": {"room": "north", "row": number % 40},
        "format": format,
    })
}

/// Where the first book of all is.
pub(crate) const TARGET: &str = "/v1/books/0f8fad5b-d9cb-469f-a165-000000000001";

/// A body of one book, or of many.
pub(crate) fn body(number: usize, large: bool) -> String {
    if large {
        json!({"data": (number..number + MANY).map(book).collect::<Vec<_>>(), "next": null}).to_string()
    } else {
        book(number).to_string()
    }
}

/// One exchange as a line of NDJSON, in the form of a HAR entry.
pub(super) fn line(number: usize, large: bool) -> String {
    let url = if large {
        "https://api.library.example/v1/books?limit=400&sort=year".to_owned()
    } else {
        format!("https://api.library.example/v1/books/0f8fad5b-d9cb-469f-a165-{number:012x}")
    };
    let body = body(number, large);
    let entry = json!({
        "startedDateTime": "2026-01-31T12:30:00.000Z",
        "time": 12.5,
        "request": {
            "method": "GET", "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [], "headersSize": -1, "bodySize": 0,
            "headers": [{"name": "Accept", "value": "application/json"}, {"name": "X-API-Key", "value": "***"}],
        },
        "response": {
            "status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "", "headersSize": -1,
            "bodySize": body.len(),
            "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "X-Total", "value": "400"}],
            "content": {"size": body.len(), "mimeType": "application/json", "text": body},
        },
        "cache": {},
        "timings": {"send": 0, "wait": 12, "receive": 0.5},
    });
    let mut line = entry.to_string();
    line.push('\n');
    line
}

/// NDJSON of at least so many bytes, made as it is read: nobody holds all of it.
pub(super) struct Endless {
    block: Vec<u8>,
    at: usize,
    left: usize,
}

impl Endless {
    pub(super) fn new(bytes: usize) -> Self {
        let mut block = String::new();
        for number in 0..1000 {
            let _ = write!(block, "{}", line(number, false));
        }
        // Whole blocks, so that the last line is whole too.
        let left = bytes.div_ceil(block.len()) * block.len();
        Self { block: block.into_bytes(), at: 0, left }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.block.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len()).min(self.left);
        let (to, from) = (buffer.get_mut(..count), rest.get(..count));
        if let (Some(to), Some(from)) = (to, from) {
            to.copy_from_slice(from);
        }
        self.at = (self.at + count) % self.block.len();
        self.left -= count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_of_any_length_ends_with_a_whole_line() {
        let mut text = String::new();
        Endless::new(1_000_000).read_to_string(&mut text).expect("text");
        assert!(text.len() >= 1_000_000 && text.ends_with("}\n"));
        assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    }
}
