// Prints what Go makes of texts that mean true or false, for tests/booleans.rs:
//
//	go run tests/go/texts.go >tests/go/texts.jsonl
//
// A line is [text, whether strconv.ParseBool reads it, as what, EqualFold(text, "true"), EqualFold(TrimSpace(text), "true")].
// AKS's cloud provider and storage drivers read annotations and parameters by these functions of Go's standard library.
package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Everything that surrounds a word: nothing, each rune that Go trims, and neighbours of those that it does not trim.
var blanks = []string{
	"", " ", "\t", "\n", "\v", "\f", "\r", "\u0085", "\u00a0", "\u1680", "\u2000", "\u2007", "\u200a", "\u2028", "\u2029", "\u202f",
	"\u205f", "\u3000", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u180e", "\u001c", "\u001f", "\u0000", "\u00ad", "'", "\"", " \n ", ".",
}

// Words that some reader takes for true or false, and words that look like them.
var words = []string{
	"", "1", "0", "t", "T", "f", "F", "y", "Y", "n", "N", "yes", "no", "on", "off", "true", "True", "TRUE", "tRUE", "tRue", "truE",
	"false", "False", "FALSE", "fALSE", "faLse", "fal\u017fe", "FAL\u017fE", "tr\u00fce", "\u03c4rue", "\uff54rue", "tru\u0435", "01", "00", "+1", "-1", "1.0", "0x1", "t rue",
	"true true", "true,true", "true#", "truetrue", "enabled", "disabled", "null", "nil", "~", "\U0001d42drue",
}

func main() {
	seen := map[string]bool{}
	show := func(text string) {
		if seen[text] {
			return
		}
		seen[text] = true
		parsed, err := strconv.ParseBool(text)
		line, _ := json.Marshal([]any{
			text, err == nil, parsed,
			strings.EqualFold(text, "true"), strings.EqualFold(strings.TrimSpace(text), "true"),
		})
		fmt.Println(string(line))
	}
	for _, word := range words {
		show(word)
	}
	for _, word := range []string{"", "1", "true", "tRUE", "false"} {
		for _, blank := range blanks {
			show(blank + word)
			show(word + blank)
			show(blank + word + blank)
		}
	}
}
