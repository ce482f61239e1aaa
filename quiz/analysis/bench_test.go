package analysis

import "testing"

// The largest look back there is: five thousand attempts at a bank of two hundred.
func BenchmarkOf(b *testing.B) {
	for _, c := range []struct {
		name   string
		length int
	}{{"drawn", 40}, {"whole", 200}} {
		questions, attempts := choices(200, 4), company(1, 5000, 200, c.length)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Of(questions, 60, attempts)
			}
		})
	}
}
