package sheet

// Candidacy is where a person stands with an exam.
type Candidacy string

// The candidacies. Nobody is absent before the window has closed, and nobody is
// told to have passed or failed before results are released.
const (
	NotYet     Candidacy = "not_yet"      // 未考: may still sit it
	Underway   Candidacy = "underway"     // 在考
	HandedIn   Candidacy = "handed_in"    // 已交: results are not released yet
	Absent     Candidacy = "absent"       // 缺考: the window has closed and she never began
	Excused    Candidacy = "excused"      // 免考
	ToBeMarked Candidacy = "to_be_marked" // 待阅卷: released, but a trainer still has to read something
	Passed     Candidacy = "passed"       // 合格
	Failed     Candidacy = "failed"       // 不合格
	Cancelled  Candidacy = "cancelled"    // 考试取消: whatever she did or did not do counts for nothing
)

// Released returns what c becomes when results are released: what was handed in
// has passed, failed or, without a result, still to be marked.
func (c Candidacy) Released(graded, passed bool) Candidacy {
	switch {
	case c != HandedIn:
		return c
	case !graded:
		return ToBeMarked
	case passed:
		return Passed
	}
	return Failed
}
