/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a plan means to people, and what speaks against it. */

#include <string.h>

#include "pf-error.h"
#include "pf-objection.h"
#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define CARD "0000:03:00.0"
#define SHARED "0000:21:00.3"

/* "KIND NAME FROM>TO", a line for each change. */
static char *
describe_changes (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);
  g_autoptr (GPtrArray) changes = NULL;
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  changes = pf_changes_compute (board, plan);
  for (guint i = 0; i < changes->len; i++)
    {
      const PfChange *change = changes->pdata[i];

      g_string_append_printf (text, "%s %s %s>%s\n", change->kind, change->name,
                              pf_owner_to_string (change->from), pf_owner_to_string (change->to));
    }
  return g_string_free (text, FALSE);
}

static void
assert_changes (const PfTestBoard *board, const PfProfile *profile, const char *expected)
{
  g_autofree char *text = describe_changes (board, profile);

  g_assert_cmpstr (text, ==, expected);
}

/* "CODE SEVERITY", a line for each objection. */
static void
assert_objections (const PfTestBoard *made_up, const PfProfile *profile, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);
  g_autoptr (GPtrArray) objections = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  objections = pf_objections_compute (board, plan, profile);
  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      g_string_append_printf (text, "%s %s\n", objection->code, pf_severity_to_string (objection->severity));
      g_assert_cmpuint (strlen (objection->message), >, 10);
      g_assert_true (pf_objection_code_exists (objection->code));
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* Devices by their names, then controllers, then ports; what stays is not spoken of. */
static void
test_changes_of_a_port (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI2, "ehci2/1 ehci2/2");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  pf_test_board_plug (board, 8, "Logitech Webcam", PF_TEST_PLAIN);
  pf_test_board_plug (board, 9, "SanDisk Cruzer", PF_TEST_STORAGE);
  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  pf_test_board_plug_super_speed (board, 5, "Samsung T5", PF_TEST_STORAGE);
  assert_changes (board, profile,
                  "device Logitech Webcam host>guest\n"
                  "device SanDisk Cruzer host>guest\n"
                  "controller Intel USB EHCI Controller #2 host>guest\n"
                  "port ehci2/1 host>guest\n"
                  "port ehci2/2 host>guest\n");
  pf_test_plan_switch (board, profile);
  assert_changes (board, profile, "");
  assert_changes (board, home,
                  "controller Intel USB EHCI Controller #2 guest>host\n"
                  "port ehci2/1 guest>host\n"
                  "port ehci2/2 guest>host\n");
}

/* With the xHCI goes what speaks SuperSpeed; what is in a port that moves to an EHCI stays with the host. */
static void
test_changes_of_the_xhci (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", XHCI, "ehci1/3");

  pf_test_board_plug (board, 2, "Gamepad", PF_TEST_PLAIN);
  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  pf_test_board_plug_super_speed (board, 5, "Samsung T5", PF_TEST_STORAGE);
  assert_changes (board, profile,
                  "device Gamepad host>guest\n"
                  "device Samsung T5 host>guest\n"
                  "controller Intel USB xHCI Controller host>guest\n"
                  "port ehci1/3 host>guest\n");
}

/* Devices on an EHCI that is lent while its ports are elsewhere are not there; a hub counts, the chipset's
 * does not. */
static void
test_changes_of_an_ehci (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");

  board->registers[0] = 0x3ffe;
  pf_test_board_plug (board, 0, "Keyboard with hub", PF_TEST_HUB | PF_TEST_KEYBOARD);
  assert_changes (board, profile,
                  "device Keyboard with hub host>guest\n"
                  "controller Intel USB EHCI Controller #1 host>guest\n"
                  "port ehci1/1 host>guest\n");
}

static void
test_changes_of_a_group (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  g_autoptr (PfProfile) home = pf_profile_new_home ();

  pf_test_board_plug_at (board, SHARED, 1, "Gamepad", PF_TEST_PLAIN);
  pf_test_board_plug_at (board, "0000:02:00.0", 1, "Cherry Keyboard", PF_TEST_KEYBOARD);
  assert_changes (board, profile,
                  "device Gamepad host>guest\n"
                  "function AMD Non-Essential Instrumentation nobody>guest\n"
                  "function AMD Crypto Coprocessor host>guest\n"
                  "controller AMD Zeppelin USB 3.0 host>guest\n"
                  "controller AMD Matisse USB 3.0 host>guest\n"
                  "function AMD HD Audio host>guest\n");
  pf_test_plan_switch (board, profile);
  assert_changes (board, home,
                  "function AMD Non-Essential Instrumentation guest>nobody\n"
                  "function AMD Crypto Coprocessor guest>host\n"
                  "controller AMD Zeppelin USB 3.0 guest>host\n"
                  "controller AMD Matisse USB 3.0 guest>host\n"
                  "function AMD HD Audio guest>host\n");
}

static void
test_last_keyboard (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) one = pf_test_plan_make_profile (board, "one", EHCI1, "ehci1/1");
  g_autoptr (PfProfile) both = pf_test_plan_make_profile (board, "both", EHCI1, "ehci1/1 ehci1/2");

  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  assert_objections (board, one, "keyboard-stays note\n");
  board->other_keyboards = 0;
  assert_objections (board, one, "last-keyboard soft\n");
  pf_test_board_plug (board, 1, "Das Keyboard", PF_TEST_KEYBOARD);
  assert_objections (board, one, "keyboard-stays note\n");
  assert_objections (board, both, "last-keyboard soft\n");
}

static void
test_last_pointer (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");

  pf_test_board_plug (board, 0, "Combo", PF_TEST_POINTER | PF_TEST_KEYBOARD);
  assert_objections (board, profile, "keyboard-stays note\n");
  board->other_pointers = 0;
  assert_objections (board, profile, "keyboard-stays note\nlast-pointer soft\n");
  board->other_keyboards = 0;
  assert_objections (board, profile, "last-keyboard soft\nlast-pointer soft\n");
}

/* A machine that is run without a keyboard has none to lose, and one that is gone already does not leave
 * again. */
static void
test_no_keyboard_to_lose (void)
{
  g_autoptr (PfTestBoard) headless = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1 " " EHCI2, "ehci1/1");
  g_autoptr (PfProfile) more = pf_test_plan_make_profile (board, "more", EHCI1 " " EHCI2, "ehci1/1 ehci1/2");

  headless->other_keyboards = headless->other_pointers = 0;
  assert_objections (headless, profile, "");
  board->other_keyboards = 0;
  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  pf_test_plan_switch (board, profile);
  assert_objections (board, more, "");
}

/* What the profile says about the end of the VM is a way back; by default only while there is a VM. */
static void
test_way_back (void)
{
  static const struct
  {
    const char *on_vm_exit;
    const char *without_vm;
    const char *with_vm;
  } cases[] = {
    { "auto", "last-keyboard soft\n", "" },
    { "home", "", "" },
    { "keep", "last-keyboard soft\n", "last-keyboard soft\n" },
    { "previous", "last-keyboard soft\n", "last-keyboard soft\n" },
  };
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) idle = pf_test_plan_make_profile (board, "idle", EHCI1, "");
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");
  const int group = pf_test_board_get (board, EHCI1)->group;

  board->other_keyboards = 0;
  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  pf_test_plan_switch (board, idle);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (pf_profile_set_on_vm_exit (profile, cases[i].on_vm_exit, NULL));
      assert_objections (board, profile, cases[i].without_vm);
      g_hash_table_insert (board->held, GINT_TO_POINTER (group), g_strdup ("qemu-system-x86 (4242)"));
      assert_objections (board, profile, cases[i].with_vm);
      g_hash_table_remove (board->held, GINT_TO_POINTER (group));
    }
}

/* A VM that may ask for it is a way back too, but only one that has all that the profile lends. */
static void
test_way_back_by_guest (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) idle = pf_test_plan_make_profile (board, "idle", EHCI1 " " EHCI2, "");
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1 " " EHCI2, "ehci1/1");

  board->other_keyboards = 0;
  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  pf_test_plan_switch (board, idle);
  g_assert_true (pf_profile_set_on_vm_exit (profile, "keep", NULL));
  profile->guest_may_switch = TRUE;
  assert_objections (board, profile, "last-keyboard soft\n");
  g_hash_table_insert (board->held, GINT_TO_POINTER (pf_test_board_get (board, EHCI1)->group),
                       g_strdup ("qemu-system-x86 (4242)"));
  assert_objections (board, profile, "last-keyboard soft\n");
  g_hash_table_insert (board->held, GINT_TO_POINTER (pf_test_board_get (board, EHCI2)->group),
                       g_strdup ("qemu-system-x86 (4242)"));
  assert_objections (board, profile, "");
  profile->guest_may_switch = FALSE;
  assert_objections (board, profile, "last-keyboard soft\n");
}

/* The end of a VM that has what others lent is nothing that Portferry acts upon. */
static void
test_way_back_of_others (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = NULL;

  board->other_keyboards = 0;
  pf_test_board_bind (board, EHCI1, PF_VFIO_DRIVER, PF_VFIO_DRIVER);
  g_hash_table_insert (board->held, GINT_TO_POINTER (pf_test_board_get (board, EHCI1)->group),
                       g_strdup ("qemu-system-x86 (4242)"));
  pf_test_board_plug (board, 0, "Cherry Keyboard", PF_TEST_KEYBOARD);
  profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");
  assert_objections (board, profile, "last-keyboard soft\n");
}

/* A keyboard on a controller that goes, in no port that moves. */
static void
test_last_keyboard_on_a_card (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", CARD, "");

  board->other_keyboards = 0;
  pf_test_board_plug_at (board, CARD, 1, "Cherry Keyboard", PF_TEST_KEYBOARD);
  assert_objections (board, profile, "last-keyboard soft\n");
  pf_test_board_plug (board, 5, "Das Keyboard", PF_TEST_KEYBOARD);
  assert_objections (board, profile, "keyboard-stays note\n");
}

/* A keyboard that is on the xHCI now and on a host's EHCI afterwards stays. */
static void
test_keyboard_that_stays (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", XHCI, "");

  board->other_keyboards = 0;
  pf_test_board_plug (board, 5, "Das Keyboard", PF_TEST_KEYBOARD);
  assert_objections (board, profile, "");
}

static GPtrArray *
compute (const PfTestBoard *made_up, const PfProfile *profile)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, NULL);

  return pf_objections_compute (board, plan, profile);
}

/* Nobody overrides a VM that has the group: unbinding would block for as long as it runs. */
static void
test_held_group (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1 " " EHCI2, "ehci1/1");
  g_autoptr (PfProfile) ports = pf_test_plan_make_profile (board, "ports", EHCI1 " " EHCI2, "");
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  const char *const override[] = { "held", "last-keyboard", "last-pointer", NULL };
  g_autoptr (GPtrArray) objections = NULL;
  g_autoptr (GError) error = NULL;
  const PfObjection *objection;

  pf_test_plan_switch (board, profile);
  g_hash_table_insert (board->held, GINT_TO_POINTER (5), g_strdup ("qemu-system-x86 (4242)"));
  assert_objections (board, ports, "");
  assert_objections (board, home, "held hard\n");
  objections = compute (board, home);
  objection = objections->pdata[0];
  g_assert_cmpstr (objection->address, ==, EHCI2);
  g_assert_nonnull (strstr (objection->message, "qemu-system-x86 (4242)"));
  g_assert_nonnull (strstr (objection->message, "group 5"));
  g_assert_false (pf_objections_check (objections, override, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_HELD);
}

/* The holder's name cannot always be told. */
static void
test_held_by_somebody (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "");
  g_autoptr (PfProfile) home = pf_profile_new_home ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfPlan) plan = NULL;
  g_autoptr (GPtrArray) objections = NULL;

  pf_test_plan_switch (made_up, profile);
  board = pf_test_board_read (made_up);
  pf_board_find_group (board, 5)->held = TRUE;
  plan = pf_test_plan_compute (made_up, home, NULL);
  objections = pf_objections_compute (board, plan, profile);
  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_nonnull (strstr (((PfObjection *) objections->pdata[0])->message, "a VM"));
}

/* What others' VM has of a group does not keep the rest from joining it: only an unbind would hang. */
static void
test_held_while_lending (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", SHARED, "");
  static const char *const members[] = { "0000:21:00.0", "0000:21:00.2", "0000:21:00.4", "0000:21:00.6" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    pf_test_board_bind (board, members[i], "vfio-pci", NULL);
  pf_test_board_bind (board, SHARED, NULL, NULL);
  g_hash_table_insert (board->held, GINT_TO_POINTER (16), g_strdup ("qemu-system-x86 (4242)"));
  assert_objections (board, profile, "");
}

static void
assert_check (GPtrArray *objections, const char *const *override, gboolean passes, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pf_objections_check (objections, override, &error), ==, passes);
  if (passes)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, PF_ERROR, PF_ERROR_OBJECTION);
  g_assert_nonnull (strstr (error->message, word));
}

/* Each soft objection is overridden by its own name; there is no name for all. */
static void
test_override_by_name (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (board, "test", EHCI1, "ehci1/1");
  const char *const none[] = { NULL };
  const char *const keyboard[] = { "last-keyboard", NULL };
  const char *const pointer[] = { "last-pointer", NULL };
  const char *const both[] = { "last-pointer", "last-keyboard", NULL };
  const char *const wrong[] = { "all", "*", "", "Last-Keyboard", "last", "soft", NULL };
  g_autoptr (GPtrArray) objections = NULL;
  g_autoptr (GPtrArray) no_objections = g_ptr_array_new ();

  board->other_keyboards = board->other_pointers = 0;
  pf_test_board_plug (board, 0, "Cherry Combo", PF_TEST_KEYBOARD | PF_TEST_POINTER);
  objections = compute (board, profile);
  g_assert_cmpuint (objections->len, ==, 2);
  assert_check (objections, NULL, FALSE, "Cherry Combo");
  assert_check (objections, none, FALSE, "last-keyboard");
  assert_check (objections, wrong, FALSE, "last-pointer");
  assert_check (objections, keyboard, FALSE, "last-pointer");
  assert_check (objections, pointer, FALSE, "last-keyboard");
  assert_check (objections, both, TRUE, NULL);
  assert_check (no_objections, NULL, TRUE, NULL);
}

/* A plan that cannot be made is a hard objection in a preview. */
static void
test_from_error (void)
{
  g_autoptr (GError) error = g_error_new_literal (PF_ERROR, PF_ERROR_NO_IOMMU, "switch it on");
  PfObjection *objection = pf_objection_new_from_error (error);
  g_autoptr (GPtrArray) objections = g_ptr_array_new_with_free_func ((GDestroyNotify) pf_objection_free);
  const char *const override[] = { "no-iommu", NULL };
  g_autoptr (GError) refused = NULL;

  g_ptr_array_add (objections, objection);
  g_assert_cmpstr (objection->code, ==, "no-iommu");
  g_assert_cmpstr (pf_severity_to_string (objection->severity), ==, "hard");
  g_assert_cmpstr (objection->message, ==, "switch it on");
  g_assert_null (objection->address);
  g_assert_false (pf_objections_check (objections, override, &refused));
  g_assert_error (refused, PF_ERROR, PF_ERROR_NO_IOMMU);
}

/* Hard ones too: whoever names one gets its own error. */
static void
test_codes (void)
{
  static const char *const known[]
      = { "held",          "stuck",    "root-disk",       "fingerprint-session",    "default-route",
          "last-pointer",  "no-reset", "reserved-memory", "super-speed-half-stays", "no-iommu",
          "board-mismatch" };
  static const char *const unknown[] = { "", "all", "*", "Held", "held ", "root", "last-keyboards", "\n" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    g_assert_true (pf_objection_code_exists (known[i]));
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_false (pf_objection_code_exists (unknown[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/changes/port", test_changes_of_a_port);
  g_test_add_func ("/model/changes/xhci", test_changes_of_the_xhci);
  g_test_add_func ("/model/changes/ehci", test_changes_of_an_ehci);
  g_test_add_func ("/model/changes/group", test_changes_of_a_group);
  g_test_add_func ("/model/objections/last-keyboard", test_last_keyboard);
  g_test_add_func ("/model/objections/last-pointer", test_last_pointer);
  g_test_add_func ("/model/objections/way-back", test_way_back);
  g_test_add_func ("/model/objections/way-back-by-guest", test_way_back_by_guest);
  g_test_add_func ("/model/objections/way-back-of-others", test_way_back_of_others);
  g_test_add_func ("/model/objections/codes", test_codes);
  g_test_add_func ("/model/objections/no-keyboard", test_no_keyboard_to_lose);
  g_test_add_func ("/model/objections/keyboard-on-card", test_last_keyboard_on_a_card);
  g_test_add_func ("/model/objections/keyboard-stays", test_keyboard_that_stays);
  g_test_add_func ("/model/objections/held", test_held_group);
  g_test_add_func ("/model/objections/held-by-somebody", test_held_by_somebody);
  g_test_add_func ("/model/objections/held-while-lending", test_held_while_lending);
  g_test_add_func ("/model/objections/override", test_override_by_name);
  g_test_add_func ("/model/objections/from-error", test_from_error);
  return g_test_run ();
}
