package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"qibu/internal/people"
	"qibu/internal/web/page"
)

// expectation is what one route answers to whom.
type expectation struct {
	path string // with what its parameters stand for, such as {attempt}
	body string // of an unsafe route: a form a person could have sent, or JSON
	want cells
}

// cells are the answers to a visitor, an advisor, a trainer, HR and an admin.
type cells [5]cell

// cell is the answer about something of one's own, of somebody in one's own
// store, of somebody in another store.
type cell [3]int

// What a cell may hold besides a status.
const (
	toLogin = 1303 // redirected to the login page, to come back afterwards
	out     = 2303 // redirected to the login page because the login was ended
)

func all(status int) cell { return cell{status, status, status} }

// The cells that come again and again.
var (
	login, no           = all(toLogin), all(403)
	ok, moved           = all(200), all(303)
	mine, mineMoved     = cell{200, 404, 404}, cell{303, 404, 404}
	near, nearMoved     = cell{200, 200, 404}, cell{303, 303, 404}
	anybody             = cells{ok, ok, ok, ok, ok}
	persons             = cells{login, ok, ok, ok, ok}
	personsMoved        = cells{login, moved, moved, moved, moved}
	owners, ownersMoved = cells{login, mine, mine, mine, mine}, cells{login, mineMoved, mineMoved, mineMoved, mineMoved}
	admins, adminsMoved = cells{login, no, no, no, ok}, cells{login, no, no, no, moved}
)

// matrix is who may do what, route by route. It is written out, not derived: the
// permission table and the use cases have to agree with it.
var matrix = map[string]expectation{
	"GET /static/*": {"/static/{app.css}", "", anybody},
	"GET /healthz":  {"/healthz", "", anybody},
	"GET /readyz":   {"/readyz", "", anybody},

	"GET /":                      {"/", "", personsMoved},
	"GET /login":                 {"/login", "", cells{ok, moved, moved, moved, moved}},
	"POST /login":                {"/login", "account={account}&password=qibu+for+everybody&next=", cells{moved, moved, moved, moved, moved}},
	"POST /logout":               {"/logout", "", cells{login, all(out), all(out), all(out), all(out)}},
	"GET /setup/:token":          {"/setup/not-a-token", "", cells{all(404), all(404), all(404), all(404), all(404)}},
	"POST /setup/:token":         {"/setup/not-a-token", "store=S&name=N&staff_no=1&account=a&password=long+enough", cells{all(404), all(404), all(404), all(404), all(404)}},
	"POST /language":             {"/language", "language=zh&back=/help", cells{moved, moved, moved, moved, moved}},
	"GET /me":                    {"/me", "", persons},
	"GET /me/password":           {"/me/password", "", persons},
	"POST /me/password":          {"/me/password", "old=wrong&new=long+enough&again=long+enough", cells{login, all(422), all(422), all(422), all(422)}},
	"POST /me/logout-everywhere": {"/me/logout-everywhere", "", cells{login, all(out), all(out), all(out), all(out)}},

	"GET /learn":                         {"/learn", "", persons},
	"GET /courses":                       {"/courses", "", persons},
	"GET /courses/:course":               {"/courses/seven-steps", "", persons},
	"GET /courses/:course/:module":       {"/courses/seven-steps/vehicle-walkaround", "", persons},
	"POST /courses/:course/:module/read": {"/courses/seven-steps/vehicle-walkaround/read", "heading=covers", personsMoved},
	"GET /search":                        {"/search?q=三件套", "", persons},
	"GET /sources/:id":                   {"/sources/S4-035", "", persons},
	"GET /help":                          {"/help", "", persons},
	"GET /help/:slug":                    {"/help/advisor", "", persons},

	"GET /quizzes/:slug":              {"/quizzes/" + openQuiz, "", persons},
	"GET /quizzes/img/:name":          {"/quizzes/img/none.svg", "", cells{login, all(404), all(404), all(404), all(404)}},
	"POST /quizzes/:slug/attempts":    {"/quizzes/" + openQuiz + "/attempts", "", personsMoved},
	"GET /attempts/:id":               {"/attempts/{attempt}", "", owners},
	"POST /attempts/:id/answers":      {"/attempts/{attempt}/answers", "q.0.slot={slot}&q.0.seq=0&q.0.choice={token}&do=save", ownersMoved},
	"PUT /attempts/:id/answers/:slot": {"/attempts/{attempt}/answers/{slot}", `{"seq":7,"answer":["{token}"]}`, cells{all(401), mine, mine, mine, mine}},
	"POST /attempts/:id/submit":       {"/attempts/{attempt}/submit", "", ownersMoved},
	"GET /attempts/:id/result":        {"/attempts/{ended}/result", "", owners},

	"GET /exams/:id":           {"/exams/{exam}", "", owners},
	"POST /exams/:id/attempts": {"/exams/{exam}/attempts", "honour=1", ownersMoved},

	"GET /record":                           {"/record", "", persons},
	"GET /record/questions/:quiz/:question": {"/record/questions/" + doneQuiz + "/none", "", cells{login, all(404), all(404), all(404), all(404)}},

	"GET /practice":                   {"/practice", "", persons},
	"GET /practice/:quiz":             {"/practice/" + failedQuiz, "", persons},
	"POST /practice/:quiz/answers":    {"/practice/" + failedQuiz + "/answers", "ask={asked}&set=0&do=forgot", personsMoved},
	"GET /practice/:quiz/reviews/:id": {"/practice/" + failedQuiz + "/reviews/{explained}", "", owners},

	"GET /rehearse":                 {"/rehearse", "", persons},
	"GET /rehearse/:slug":           {"/rehearse/" + openScenario, "", persons},
	"POST /rehearse/:slug/sessions": {"/rehearse/" + openScenario + "/sessions", "mode=exam", personsMoved},
	"GET /sessions/:id":             {"/sessions/{session}", "", owners},
	"POST /sessions/:id/choices":    {"/sessions/{session}/choices", "step=0&token={choice}", ownersMoved},
	"POST /sessions/:id/documents":  {"/sessions/{session}/documents", "step=0&token={document}", ownersMoved},
	"POST /sessions/:id/retry":      {"/sessions/{practised}/retry", "step=1", ownersMoved},
	"GET /sessions/:id/debrief":     {"/sessions/{played}/debrief", "", owners},
	"POST /sessions/:id/intent":     {"/sessions/{played}/intent", "do=say&intent=先问声音", ownersMoved},

	"GET /certificates":             {"/certificates", "", persons},
	"GET /certificates/:number":     {"/certificates/{certificate}", "", cells{login, mine, near, ok, mine}},
	"GET /certificates/:number.pdf": {"/certificates/{certificate}.pdf", "", cells{login, mine, near, ok, mine}},
	"GET /verify":                   {"/verify", "", anybody},
	"GET /verify/:number":           {"/verify/{certificate}", "", anybody},
	"POST /verify/:number":          {"/verify/{certificate}", "code={staff_no}", anybody},

	"GET /trainer/observe":          {"/trainer/observe", "", cells{login, no, ok, no, no}},
	"GET /trainer/observe/:person":  {"/trainer/observe/{person}", "", cells{login, no, {403, 200, 404}, no, no}},
	"POST /trainer/observe/:person": {"/trainer/observe/{person}", "key=k&i.0.item=O1&i.0.outcome=passed&i.0.note=稳", cells{login, no, {403, 303, 404}, no, no}},

	"GET /trainer":                      {"/trainer", "", cells{login, no, ok, ok, no}},
	"GET /trainer/people/:id":           {"/trainer/people/{person}", "", cells{login, no, near, ok, no}},
	"GET /trainer/people/:id/withdraw":  {"/trainer/people/{person}/withdraw?item={task-{by}}", "", cells{login, no, near, ok, no}},
	"POST /trainer/people/:id/withdraw": {"/trainer/people/{person}/withdraw", "item={task-{by}}", cells{login, no, nearMoved, moved, no}},
	"POST /trainer/people/:id/unlock":   {"/trainer/people/{person}/unlock", "quiz=" + failedQuiz + "&reason=请假错过", cells{login, no, {403, 303, 404}, no, no}},
	"GET /trainer/assign":               {"/trainer/assign?person={person}", "", cells{login, no, near, ok, no}},
	"POST /trainer/assign":              {"/trainer/assign", "key={by}-{person}&items=quiz:" + openQuiz + "&people={person}&due=", cells{login, no, nearMoved, moved, no}},

	"GET /trainer/recordings":                      {"/trainer/recordings", "", cells{login, no, ok, no, no}},
	"GET /trainer/recordings/:session":             {"/trainer/recordings/{played}", "", cells{login, no, near, no, no}},
	"POST /trainer/recordings/:session/comments":   {"/trainer/recordings/{played}/comments", "key=k&step=1&text=稳", cells{login, no, nearMoved, no, no}},
	"GET /trainer/recordings/:session/record.json": {"/trainer/recordings/{played}/record.json", "", cells{login, no, near, no, no}},

	"GET /trainer/banks":                    {"/trainer/banks", "", cells{login, no, ok, no, ok}},
	"GET /trainer/banks/new":                {"/trainer/banks/new?from=" + failedQuiz, "", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/new":               {"/trainer/banks/new", "slug={by}-{account}&from=" + failedQuiz, cells{login, no, moved, no, moved}},
	"GET /trainer/banks/template.xlsx":      {"/trainer/banks/template.xlsx", "", cells{login, no, ok, no, ok}},
	"GET /trainer/banks/:slug":              {"/trainer/banks/" + failedQuiz, "", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/:slug":             {"/trainer/banks/" + doneQuiz, "source=title: 一&version=0", cells{login, no, moved, no, moved}},
	"POST /trainer/banks/:slug/check":       {"/trainer/banks/" + failedQuiz + "/check", "source=title: 一&version=0", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/:slug/try":         {"/trainer/banks/" + failedQuiz + "/try", "source=" + tinyBank + "&shown=late&version=0", cells{login, no, ok, no, ok}},
	"GET /trainer/banks/:slug/publish":      {"/trainer/banks/" + draftQuiz + "/publish", "", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/:slug/publish":     {"/trainer/banks/" + spareQuiz + "/publish", "version=1&base={base}", cells{login, no, {303, 409, 409}, no, all(409)}},
	"GET /trainer/banks/:slug/discard":      {"/trainer/banks/" + draftQuiz + "/discard", "", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/:slug/discard":     {"/trainer/banks/spare-{by}/discard", "version=1", cells{login, no, {303, 404, 404}, no, {303, 404, 404}}},
	"GET /trainer/banks/:slug/import":       {"/trainer/banks/" + failedQuiz + "/import", "", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/:slug/import":      {"/trainer/banks/" + draftQuiz + "/import", "do=look&text=" + tinyBank, cells{login, no, ok, no, ok}},
	"GET /trainer/banks/:slug/export.:form": {"/trainer/banks/" + failedQuiz + "/export.md", "", cells{login, no, ok, no, ok}},

	"GET /trainer/banks/:slug/regrade":  {"/trainer/banks/" + doneQuiz + "/regrade", "", cells{login, no, ok, no, ok}},
	"POST /trainer/banks/:slug/regrade": {"/trainer/banks/" + failedQuiz + "/regrade", "edition={corrected}&reason=试", cells{login, no, {303, 409, 409}, no, all(409)}},
	"GET /trainer/regrades":             {"/trainer/regrades", "", cells{login, no, ok, ok, ok}},
	"GET /trainer/regrades/:id":         {"/trainer/regrades/regrade-hr", "", cells{login, no, ok, ok, ok}},
	"POST /trainer/regrades/:id":        {"/trainer/regrades/regrade-{by}", "do=approve&word=", cells{login, no, {303, 409, 409}, {303, 409, 409}, {303, 409, 409}}},
	"POST /notices/seen":                {"/notices/seen", "until=0", cells{login, moved, moved, moved, moved}},

	"GET /trainer/scripts":                    {"/trainer/scripts", "", cells{login, no, ok, no, ok}},
	"GET /trainer/scripts/new":                {"/trainer/scripts/new?from=" + openScenario, "", cells{login, no, ok, no, ok}},
	"POST /trainer/scripts/new":               {"/trainer/scripts/new", "slug={by}-{account}&from=", cells{login, no, moved, no, moved}},
	"GET /trainer/scripts/import":             {"/trainer/scripts/import", "", cells{login, no, ok, no, ok}},
	"POST /trainer/scripts/import":            {"/trainer/scripts/import", "slug={by}-{account}-i&text=:: Start%0A你好 [[走->完]]%0A%0A:: 完%0A再见", cells{login, no, moved, no, moved}},
	"GET /trainer/scripts/:slug":              {"/trainer/scripts/" + openScenario, "", cells{login, no, ok, no, ok}},
	"POST /trainer/scripts/:slug":             {"/trainer/scripts/" + openScenario, "source=标题：一&version=0", cells{login, no, moved, no, moved}},
	"POST /trainer/scripts/:slug/check":       {"/trainer/scripts/" + openScenario + "/check", "source=标题：一&version=0", cells{login, no, ok, no, ok}},
	"POST /trainer/scripts/:slug/try":         {"/trainer/scripts/" + openScenario + "/try", "source=" + tinyScript + "&version=0&path=选 开头%231", cells{login, no, ok, no, ok}},
	"GET /trainer/scripts/:slug/publish":      {"/trainer/scripts/" + draftScenario + "/publish", "", cells{login, no, ok, no, ok}},
	"POST /trainer/scripts/:slug/publish":     {"/trainer/scripts/draft-{by}/publish", "version=1&base=", cells{login, no, {303, 409, 409}, no, {303, 409, 409}}},
	"GET /trainer/scripts/:slug/discard":      {"/trainer/scripts/" + draftScenario + "/discard", "", cells{login, no, ok, no, ok}},
	"POST /trainer/scripts/:slug/discard":     {"/trainer/scripts/spare-{by}/discard", "version=1", cells{login, no, {303, 404, 404}, no, {303, 404, 404}}},
	"GET /trainer/scripts/:slug/export.:form": {"/trainer/scripts/" + openScenario + "/export.md", "", cells{login, no, ok, no, ok}},

	"GET /trainer/scripts/:slug/map":     {"/trainer/scripts/" + doneScenario + "/map", "", cells{login, no, ok, no, ok}},
	"PUT /trainer/scripts/:slug/places":  {"/trainer/scripts/" + doneScenario + "/places", `{"places":{"迎接":{"x":10,"y":-20}},"moved":true}`, cells{all(401), no, ok, no, ok}},
	"GET /trainer/scripts/:slug/choices": {"/trainer/scripts/" + doneScenario + "/choices", "", cells{login, no, ok, no, no}},

	"GET /trainer/items":                           {"/trainer/items", "", cells{login, no, ok, ok, no}},
	"GET /trainer/items/:slug":                     {"/trainer/items/" + doneQuiz, "", cells{login, no, ok, ok, no}},
	"GET /trainer/items/:slug/questions/:question": {"/trainer/items/" + doneQuiz + "/questions/brake-soft", "", cells{login, no, ok, ok, no}},
	"GET /trainer/items/:slug/papers":              {"/trainer/items/" + doneQuiz + "/papers", "", cells{login, no, ok, ok, no}},
	"GET /trainer/items/:slug/panels":              {"/trainer/items/" + doneQuiz + "/panels", "", cells{login, no, ok, no, ok}},
	"POST /trainer/items/:slug/panels":             {"/trainer/items/" + openQuiz + "/panels", "", cells{login, no, moved, no, all(409)}},
	"GET /trainer/items/panels/:id":                {"/trainer/items/panels/{panel}", "", cells{login, no, ok, no, ok}},
	"POST /trainer/items/panels/:id":               {"/trainer/items/panels/{panel}", "e.0.question=" + judgedQuestion + "&e.0.percent=55", cells{login, no, moved, no, moved}},
	"POST /trainer/items/panels/:id/round":         {"/trainer/items/panels/{ripe}/round", "from=1", cells{login, no, moved, no, moved}},

	"GET /trainer/exams":                     {"/trainer/exams", "", cells{login, no, ok, ok, no}},
	"GET /trainer/exams/new":                 {"/trainer/exams/new?again={over}", "", cells{login, no, near, ok, no}},
	"POST /trainer/exams":                    {"/trainer/exams", "title=五月考试&quiz=" + examQuiz + "&opens=2099-01-05T09:00&closes=2099-01-05T18:00&people={person}", cells{login, no, nearMoved, moved, no}},
	"GET /trainer/exams/:id":                 {"/trainer/exams/{exam}", "", cells{login, no, near, ok, no}},
	"GET /trainer/exams/:id/edit":            {"/trainer/exams/{ahead}/edit", "", cells{login, no, near, ok, no}},
	"POST /trainer/exams/:id":                {"/trainer/exams/{ahead}", "title=五月考试&quiz=" + examQuiz + "&opens=2099-01-05T09:00&closes=2099-01-05T18:00&people={person}", cells{login, no, nearMoved, moved, no}},
	"POST /trainer/exams/:id/extend":         {"/trainer/exams/{exam}/extend", "closes={later-{by}}&reason=停电", cells{login, no, nearMoved, moved, no}},
	"POST /trainer/exams/:id/edition":        {"/trainer/exams/{ahead}/edition", "", cells{login, no, nearMoved, moved, no}},
	"GET /trainer/exams/:id/cancel":          {"/trainer/exams/{ahead}/cancel", "", cells{login, no, near, ok, no}},
	"POST /trainer/exams/:id/cancel":         {"/trainer/exams/{off}/cancel", "reason=停电", cells{login, no, nearMoved, moved, no}},
	"GET /trainer/exams/:id/people/:person":  {"/trainer/exams/{ahead}/people/{person}", "", cells{login, no, near, ok, no}},
	"POST /trainer/exams/:id/people/:person": {"/trainer/exams/{ahead}/people/{person}", "extra=50&opens=&closes=&excused=", cells{login, no, nearMoved, moved, no}},
	"GET /trainer/exams/:id/export.csv":      {"/trainer/exams/{over}/export.csv", "", cells{login, no, near, ok, no}},
	"GET /trainer/marking":                   {"/trainer/marking", "", cells{login, no, ok, no, no}},
	"GET /trainer/marking/:attempt/:slot":    {"/trainer/marking/{text}/1", "", cells{login, no, {404, 200, 404}, no, no}},
	"POST /trainer/marking/:attempt/:slot":   {"/trainer/marking/{text}/1", "comment=稳", cells{login, no, {404, 303, 404}, no, no}},

	"GET /admin/people":      {"/admin/people", "", admins},
	"GET /admin/people/new":  {"/admin/people/new", "", admins},
	"POST /admin/people":     {"/admin/people", "name=钱进&staff_no={staff_no}-2&account={account}-2&store={store}&roles=advisor&time_factor=100&password=long+enough", adminsMoved},
	"GET /admin/people/:id":  {"/admin/people/{person}", "", admins},
	"POST /admin/people/:id": {"/admin/people/{person}", "name={name}&staff_no={staff_no}&account={account}&store={store}&roles={role}&time_factor=100", adminsMoved},
	"GET /admin/stores":      {"/admin/stores", "", admins},
	"POST /admin/stores":     {"/admin/stores", "name=城东店", adminsMoved},
	"GET /admin/audit":       {"/admin/audit", "", admins},
	"GET /admin/content":     {"/admin/content", "", admins},

	"GET /hr":            {"/hr", "", cells{login, no, ok, ok, no}},
	"GET /hr/export.csv": {"/hr/export.csv", "", cells{login, no, no, ok, no}},
	"GET /hr/people/:id": {"/hr/people/{person}", "", cells{login, no, near, ok, no}},
	"GET /hr/people/:id/certifications/:slug/revoke":     {"/hr/people/{person}/certifications/{certification}/revoke", "", cells{login, no, no, ok, no}},
	"POST /hr/people/:id/certifications/:slug/revoke":    {"/hr/people/{person}/certifications/{certification}/revoke", "reason=抽查不合格", cells{login, no, no, moved, no}},
	"POST /hr/people/:id/certifications/:slug/reinstate": {"/hr/people/{person}/certifications/{certification}/reinstate", "reason=复核通过", cells{login, no, no, moved, no}},
}

// rows are the routes of a server, as the framework has them, in its order.
func (w *town) rows(t *testing.T) []string {
	t.Helper()
	var keys []string
	for _, r := range w.app.GetRoutes(true) {
		if r.Method == http.MethodHead {
			continue // comes with GET
		}
		key := r.Method + " " + r.Path
		if _, ok := matrix[key]; !ok {
			t.Errorf("no row for %q: add it to matrix in matrix_test.go, with an address, a form if it is unsafe, and who gets what", key)
			continue
		}
		keys = append(keys, key)
	}
	for key := range matrix {
		if !slices.Contains(keys, key) {
			t.Errorf("the row %q is about no route: take it out of matrix in matrix_test.go", key)
		}
	}
	return keys
}

// request asks a row of the matrix about somebody's things.
func (w *town) request(t *testing.T, who, whose *user, key string, header map[string]string) answer {
	t.Helper()
	row := matrix[key]
	method, _, _ := strings.Cut(key, " ")
	names := strings.NewReplacer("{by}", who.things["{role}"], "{app.css}", strings.TrimPrefix(w.assets.URL("app.css"), "/static/"))
	if strings.HasPrefix(row.body, "{") {
		header = with(header, "Content-Type", "application/json", "Accept", "application/json")
	}
	return w.send(t, who, method, whose.fill(names.Replace(row.path)), whose.fill(names.Replace(row.body)), header)
}

// with adds headers to headers.
func with(header map[string]string, pairs ...string) map[string]string {
	more := map[string]string{}
	for name, value := range header {
		more[name] = value
	}
	for i := 0; i < len(pairs); i += 2 {
		more[pairs[i]] = pairs[i+1]
	}
	return more
}

// verdictOf is an answer as a cell has it.
func verdictOf(who *user, a answer) int {
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location(), "/login") {
		return a.status
	}
	if who.token == "" {
		return toLogin
	}
	return out
}

// Every role asks every route about things of its own, of a colleague's and of
// a stranger's. The rule a route carries says the same as the answers.
func TestEveryRouteAnswersEveryRoleAsWritten(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	actors := []*user{w.visitor, w.advisor, w.trainer, w.hr, w.admin}
	asked := 0
	for _, key := range w.rows(t) {
		row := matrix[key]
		for i, who := range actors {
			subjects := []*user{who, w.mate, w.stranger}
			if who == w.visitor {
				subjects[0] = w.advisor
			}
			if !strings.Contains(row.path+row.body, "{") {
				subjects = subjects[:1]
			}
			for j, whose := range subjects {
				a := w.request(t, who, whose, key, nil)
				asked++
				if got, want := verdictOf(who, a), row.want[i][j]; got != want {
					t.Errorf("%s, %s about things of %s: %s, want %s", key, name(who), name(whose), describe(got), describe(want))
				}
				if row.want[i][j] == out {
					w.login(t, who)
				}
			}
		}
	}
	t.Logf("%d answers", asked)
	for _, r := range w.routes {
		checkRule(t, r)
	}
}

// checkRule holds what a route says of itself against the matrix.
func checkRule(t *testing.T, r page.Route) {
	t.Helper()
	key := r.Method + " " + r.Path
	want := matrix[key].want
	if guarded := want[0][0] == toLogin || want[0][0] == 401; guarded != r.Rule.Login {
		t.Errorf("%s: the route asks for a login: %v, the matrix: %v", key, r.Rule.Login, guarded)
	}
	if owned := want[1][0] < 400 && want[1][1] == 404; owned != r.Rule.Owned {
		t.Errorf("%s: the route is about things of one's own: %v, the matrix: %v", key, r.Rule.Owned, owned)
	}
	if r.Rule.Action == "" {
		return
	}
	if !slices.Contains(people.Actions(), r.Rule.Action) {
		t.Errorf("%s: there is no action %q", key, r.Rule.Action)
	}
	for i, role := range people.Roles {
		may := people.Reach(people.Actor{Roles: []people.Role{role}}, r.Rule.Action) != people.None
		if permitted := want[i+1][0] != 403 || want[i+1][1] != 403; may != permitted {
			t.Errorf("%s: by the rule of the route %s may: %v, the matrix: %v", key, role, may, permitted)
		}
	}
}

// Lists hold nobody out of reach: a trainer's pages no one of another store, an
// advisor's pages no one at all, whatever they are asked for.
func TestListsReachNoFurtherThanThePermission(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	out := map[*user][]*user{
		w.advisor: {w.mate, w.trainer, w.hr, w.admin, w.stranger}, w.trainer: {w.stranger}, w.hr: nil,
	}
	seen := map[*user]int{}
	for _, v := range w.visits(t) {
		for _, query := range []string{"", "store=" + w.north.ID, "q=" + w.stranger.StaffNo, "person=" + w.stranger.ID} {
			if query != "" && (v.who == w.visitor || v.who == w.admin || strings.Contains(v.path, "?")) {
				continue
			}
			a := w.get(t, v.who, v.path+"?"+query)
			for _, other := range out[v.who] {
				searched := other == w.stranger && query != "" // the answer may say what was looked for
				if strings.Contains(a.body, other.Name) || (!searched && (strings.Contains(a.body, other.StaffNo) || strings.Contains(a.body, other.ID))) {
					t.Errorf("%s sees %s at %s?%s", name(v.who), name(other), v.path, query)
				}
			}
			if strings.Contains(a.body, w.stranger.Name) {
				seen[v.who]++
			}
		}
	}
	if seen[w.hr] < 5 {
		t.Errorf("HR saw %s on %d pages only: the test looks in the wrong places", w.stranger.Name, seen[w.hr])
	}
}

func name(u *user) string {
	if u.token == "" {
		return "a visitor"
	}
	return fmt.Sprint(u.Name, u.Roles)
}

func describe(status int) string {
	switch status {
	case toLogin:
		return "303 to the login"
	case out:
		return "303 to the login, logged out"
	}
	return fmt.Sprint(status)
}
