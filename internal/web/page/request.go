package page

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/people"
	"qibu/internal/web/ui"
)

// Site is what all requests of a server share.
type Site struct {
	BaseURL string // "https://qibu.example.com", no slash at the end
	Secure  bool   // the site is reached by https
	Asset   func(name string) string
	Demo    bool // pages say that this is demonstration data
}

// Request is one request to a page. It must not be kept after the handler returns.
type Request struct {
	c    *fiber.Ctx
	site *Site
	Who  people.Actor  // zero on public pages without a login
	Me   people.Person // the same person with everything an account page shows
	Text *i18n.Printer
}

// NewRequest wraps a fiber request. Only the server calls it.
func NewRequest(c *fiber.Ctx, site *Site, who people.Actor, me people.Person, text *i18n.Printer) *Request {
	return &Request{c: c, site: site, Who: who, Me: me, Text: text}
}

// Context is the context for use cases. It ends at the request's time limit.
func (r *Request) Context() context.Context { return r.c.UserContext() }

// Param returns a part of the address.
func (r *Request) Param(name string) string { return r.c.Params(name) }

// Query returns a query value, trimmed.
func (r *Request) Query(name string) string { return strings.TrimSpace(r.c.Query(name)) }

// PageNumber returns ?page=, from 1 on.
func (r *Request) PageNumber() int {
	n, err := strconv.Atoi(r.c.Query("page"))
	if err != nil || n < 1 || n > 100000 {
		return 1
	}
	return n
}

// Header returns a request header.
func (r *Request) Header(name string) string { return r.c.Get(name) }

// Device names the browser for the list of devices, shortened.
func (r *Request) Device() string {
	agent := []rune(r.c.Get(fiber.HeaderUserAgent))
	return string(agent[:min(len(agent), 200)])
}

// Path is the address without the query.
func (r *Request) Path() string { return r.c.Path() }

// Site returns what all requests share.
func (r *Request) Site() *Site { return r.site }

// T returns a catalogue text in the person's language.
func (r *Request) T(key string, pairs ...any) string { return r.Text.T(key, pairs...) }

// Title is the title in the person's language, as far as there is one.
func (r *Request) Title(zh, en string) string {
	return ui.Title(ui.WithText(r.Context(), r.Text), zh, en)
}

// WantsJSON reports whether a script asks, not a person's browser.
func (r *Request) WantsJSON() bool {
	return strings.HasPrefix(r.c.Get(fiber.HeaderAccept), fiber.MIMEApplicationJSON)
}

// Show answers with a whole page: body inside the shell of the audience.
func (r *Request) Show(title string, audience ui.Audience, body templ.Component) error {
	return r.ShowStatus(fiber.StatusOK, title, audience, body)
}

// ShowStatus is Show with another status, such as 422 for a form to correct.
func (r *Request) ShowStatus(status int, title string, audience ui.Audience, body templ.Component) error {
	return r.render(status, ui.Layout(r.shell(title, audience), body))
}

// ShowKept is Show for a page that many people see alike: it is rendered once for
// key, which has to hold everything that body and title depend on.
func (r *Request) ShowKept(kept *ui.Kept, key any, title string, audience ui.Audience, body templ.Component) error {
	shell := r.shell(title, audience)
	return r.render(fiber.StatusOK, kept.Once(shell.Around(key), ui.Layout(shell, body)))
}

func (r *Request) shell(title string, audience ui.Audience) ui.Shell {
	return ui.Shell{
		Title: title, Audience: audience, Text: r.Text, Who: r.Who, Path: r.c.Path(),
		Asset: r.site.Asset, Demo: r.site.Demo, Said: r.said(),
	}
}

// render writes a component straight into the answer; if that fails, nothing of
// it is sent.
func (r *Request) render(status int, body templ.Component) error {
	if err := body.Render(ui.WithText(r.c.UserContext(), r.Text), r.c.Response().BodyWriter()); err != nil {
		r.c.Response().ResetBody()
		return err
	}
	r.c.Status(status)
	r.c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	r.c.Set(fiber.HeaderCacheControl, "no-store")
	return nil
}

// Fragment answers with a piece of a page for a script that asked for it.
func (r *Request) Fragment(body templ.Component) error {
	return r.FragmentStatus(fiber.StatusOK, body)
}

// FragmentStatus is Fragment with another status, such as 409 for a page that is behind.
func (r *Request) FragmentStatus(status int, body templ.Component) error {
	return r.render(status, body)
}

// said is the confirmation that a redirect left for this page: ?said=assigned
// shows the catalogue text "said.assigned".
func (r *Request) said() string {
	key := r.c.Query("said")
	if key == "" || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	text := r.Text.T("said." + key)
	if strings.HasPrefix(text, "⟦") {
		return ""
	}
	return text
}

// Redirect answers 303: the browser gets the next page with GET.
func (r *Request) Redirect(to string) error { return r.c.Redirect(to, fiber.StatusSeeOther) }

// RedirectSaying is Redirect with a confirmation, the catalogue text "said."+key.
func (r *Request) RedirectSaying(to, key string) error { return r.Redirect(Saying(to, key)) }

// Saying is an address whose page shows the catalogue text "said."+key first.
func Saying(to, key string) string {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return to + sep + "said=" + url.QueryEscape(key)
}

// JSON answers a script.
func (r *Request) JSON(status int, value any) error {
	r.c.Set(fiber.HeaderCacheControl, "no-store")
	return r.c.Status(status).JSON(value)
}

// Send answers with a file. An empty filename shows it in the browser.
func (r *Request) Send(contentType, filename string, body []byte) error {
	r.c.Set(fiber.HeaderContentType, contentType)
	r.c.Set(fiber.HeaderCacheControl, "no-store")
	if filename != "" {
		r.c.Set(fiber.HeaderContentDisposition, "attachment; filename*=UTF-8''"+url.PathEscape(filename))
	}
	return r.c.Send(body)
}

// Local reports whether target is an address of this site, safe to redirect to.
func Local(target string) bool {
	u, err := url.Parse(target)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil &&
		strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "//") && !strings.ContainsAny(target, "\\\r\n\t")
}

// FieldErrors returns the messages of an Invalid error by field name, in the
// person's language; ok is false for every other error.
func (r *Request) FieldErrors(err error) (fields ui.Fields, ok bool) {
	return fieldErrors(r.Text, err)
}

func fieldErrors(text *i18n.Printer, err error) (ui.Fields, bool) {
	if fault.KindOf(err) != fault.Invalid {
		return nil, false
	}
	fields := ui.Fields{}
	var f *fault.Error
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			fields[field.Name] = field.Message
		}
		if len(f.Fields) == 0 {
			fields[f.Input] = text.With(f.Key, f.Args)
		}
	}
	return fields, true
}
