package twee

import "strings"

// vars notes the variables at the head of a Chapbook passage.
func (r *reader) vars() {
	head, _, found := strings.Cut("\n"+r.body, "\n--\n")
	if !found {
		return
	}
	for i, l := range strings.Split(head, "\n")[1:] {
		if strings.TrimSpace(l) != "" {
			r.story.Note(r.line+i, l, "Chapbook 的变量没有搬。")
		}
	}
	r.skip(len(head) + len("\n--\n") - 1)
}

// modifier notes a line like [if …], which changes what follows it.
func (r *reader) modifier(rest string) {
	_, n := r.inLine(rest, "[", "]")
	if n == 0 {
		r.plain(1)
		return
	}
	if !strings.HasPrefix(strings.ToLower(rest[:n]), "[cont") {
		r.story.Note(r.line, rest[:n], "Chapbook 的修饰行没有搬：下面的内容当作总是出现。")
	}
	r.skip(n)
}

// insert notes what Chapbook puts in at {…}.
func (r *reader) insert(rest string) {
	_, n := r.inLine(rest, "{", "}")
	if n == 0 {
		r.plain(1)
		return
	}
	r.story.Note(r.line, rest[:n], "Chapbook 的插入没有搬。")
	r.skip(n)
}
