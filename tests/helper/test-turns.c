/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-turns.h"

/* Adds a thing, which is its own name. */
static void
add (PfTurns *turns, const char *owner, const char *thing)
{
  pf_turns_add (turns, owner, (gpointer) thing);
}

static void
test_one_each (void)
{
  PfTurns *turns = pf_turns_new ();

  add (turns, "loud", "l1");
  add (turns, "loud", "l2");
  add (turns, "loud", "l3");
  add (turns, "quiet", "q1");
  g_assert_cmpstr (pf_turns_next (turns), ==, "l1");
  g_assert_cmpstr (pf_turns_next (turns), ==, "q1");
  add (turns, "third", "t1");
  g_assert_cmpstr (pf_turns_next (turns), ==, "l2");
  add (turns, "quiet", "q2");
  g_assert_cmpstr (pf_turns_next (turns), ==, "t1");
  g_assert_cmpstr (pf_turns_next (turns), ==, "l3");
  g_assert_cmpstr (pf_turns_next (turns), ==, "q2");
  g_assert_null (pf_turns_next (turns));
  pf_turns_free (turns);
}

/* Nothing is left of who has had all turns, and nothing leaks of who has not. */
static void
test_ends (void)
{
  PfTurns *turns = pf_turns_new ();

  g_assert_null (pf_turns_next (turns));
  add (turns, "a", "1");
  g_assert_cmpstr (pf_turns_next (turns), ==, "1");
  g_assert_null (pf_turns_next (turns));
  add (turns, "a", "2");
  add (turns, "b", "3");
  pf_turns_free (turns);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turns/one-each", test_one_each);
  g_test_add_func ("/turns/ends", test_ends);
  return g_test_run ();
}
