/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory that the firmware has reserved for a group. */

#include <string.h>

#include "pf-objection.h"
#include "pf-test-plan.h"

#define EHCI2 "0000:00:1a.0"
#define EHCI1 "0000:00:1d.0"
#define GROUP 5

static void
reserve (PfBoard *board, guint count)
{
  PfGroup *group = pf_board_find_group (board, GROUP);

  for (guint i = 0; i < count; i++)
    {
      const PfRegion region = { 0xdd000000 + i * 0x1000, 0xdd000fff + i * 0x1000 };

      g_array_append_val (group->reserved, region);
    }
}

static GPtrArray *
object (const PfBoard *board, const PfProfile *profile)
{
  const PfNode node = { 1000, 1000, 0600 };
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_plan_compute (board, profile, &node, &error);

  g_assert_no_error (error);
  return pf_objections_compute (board, plan, profile);
}

static const PfObjection *
find (const GPtrArray *objections)
{
  const PfObjection *found = NULL;

  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      if (!g_str_equal (objection->code, "reserved-memory"))
        continue;
      g_assert_null (found);
      found = objection;
    }
  return found;
}

static void
test_lend (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "");
  g_autoptr (PfProfile) other = pf_test_plan_make_profile (made_up, "other", EHCI1, "");
  g_autoptr (GPtrArray) before = object (board, profile);
  g_autoptr (GPtrArray) objections = NULL;
  g_autoptr (GPtrArray) others = NULL;
  const PfObjection *objection;

  g_assert_null (find (before));
  reserve (board, 1);
  objections = object (board, profile);
  objection = find (objections);
  g_assert_nonnull (objection);
  g_assert_cmpint (objection->severity, ==, PF_SEVERITY_SOFT);
  g_assert_cmpstr (objection->address, ==, EHCI2);
  g_assert_nonnull (strstr (objection->message, "group 5"));
  g_assert_nonnull (strstr (objection->message, EHCI2));
  g_assert_nonnull (strstr (objection->message, "0xdd000000-0xdd000fff"));
  g_assert_true (pf_objection_code_exists (objection->code));
  others = object (board, other);
  g_assert_null (find (others));
}

/* There is no objection to a group that is lent already. */
static void
test_lent (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "");
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GPtrArray) objections = NULL;

  pf_test_plan_switch (made_up, profile);
  board = pf_test_board_read (made_up);
  reserve (board, 1);
  objections = object (board, profile);
  g_assert_null (find (objections));
}

static void
test_many (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autofree char *none = pf_group_describe_reserved (pf_board_find_group (board, GROUP));
  g_autofree char *text = NULL;

  g_assert_null (none);
  reserve (board, 7);
  text = pf_group_describe_reserved (pf_board_find_group (board, GROUP));
  g_assert_nonnull (strstr (text, "0xdd003000-0xdd003fff and 3 more. "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/objections/reserved/lend", test_lend);
  g_test_add_func ("/model/objections/reserved/lent", test_lent);
  g_test_add_func ("/model/objections/reserved/many", test_many);
  return g_test_run ();
}
