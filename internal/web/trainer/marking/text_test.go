package marking

import (
	"slices"
	"testing"
)

// Whoever forgets a field has not given nought.
func TestNoPointsAreNotNought(t *testing.T) {
	if got, want := pointsOf([]string{"2", " 0 ", "", "两分", "1.5"}), []int{2, 0, -1, -1, -1}; !slices.Equal(got, want) {
		t.Errorf("points %v, want %v", got, want)
	}
}
