package page

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// LanguageCookie remembers the language chosen before logging in.
const LanguageCookie = "language"

// LoginCookie is the name of the login cookie. With https it carries the prefix
// that ties it to this host and to secure connections.
func LoginCookie(site *Site) string {
	if site.Secure {
		return "__Host-qibu"
	}
	return "qibu"
}

// loginCookieLife outlasts every login; the server decides when one ends.
const loginCookieLife = 30 * 24 * time.Hour

// SetLogin gives the browser the token of a login.
func (r *Request) SetLogin(token string) {
	r.c.Cookie(&fiber.Cookie{
		Name: LoginCookie(r.site), Value: token, Path: "/", HTTPOnly: true, Secure: r.site.Secure,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(loginCookieLife / time.Second),
	})
}

// ClearLogin takes the login cookie away.
func (r *Request) ClearLogin() {
	r.c.Cookie(&fiber.Cookie{
		Name: LoginCookie(r.site), Path: "/", HTTPOnly: true, Secure: r.site.Secure,
		SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(0, 0),
	})
}

// SetLanguage remembers a language for pages without a login.
func (r *Request) SetLanguage(lang string) {
	r.c.Cookie(&fiber.Cookie{
		Name: LanguageCookie, Value: lang, Path: "/", HTTPOnly: true, Secure: r.site.Secure,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: 365 * 24 * 3600,
	})
}
