package script

import "fmt"

// suggest ends a message with the nearest of the known names, if one is near:
// "，是否指「对账」？"
func suggest(name string, known []string) string {
	best, nearest := len([]rune(name)), ""
	for _, k := range known {
		if d := distance([]rune(name), []rune(k)); d < best {
			best, nearest = d, k
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("，是否指「%s」？", nearest)
}

// distance counts the runes to insert, delete or replace between a and b.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
