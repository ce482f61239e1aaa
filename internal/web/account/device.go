package account

import "strings"

// deviceName makes a short name of a browser's long description of itself.
func deviceName(agent string) string {
	system := "?"
	for _, s := range []struct{ mark, name string }{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"HarmonyOS", "HarmonyOS"},
		{"Windows", "Windows"},
		{"Mac OS", "Mac"},
		{"Linux", "Linux"},
	} {
		if strings.Contains(agent, s.mark) {
			system = s.name
			break
		}
	}
	for _, b := range []struct{ mark, name string }{
		{"MicroMessenger", "WeChat"},
		{"DingTalk", "DingTalk"},
		{"Edg/", "Edge"},
		{"Firefox/", "Firefox"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	} {
		if strings.Contains(agent, b.mark) {
			return system + " · " + b.name
		}
	}
	return system
}
