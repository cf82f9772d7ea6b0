/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-menu-model.h"

static PfTrayState *
create_state (void)
{
  PfTrayState *state = pf_tray_state_new ();
  PfTrayController *controller = pf_tray_state_add_controller (
      state, "0000:00:14.0", "Intel Corporation 9 Series Chipset Family USB xHCI Controller");

  state->presence = PF_PRESENCE_AWAKE;
  state->active_id = g_strdup ("home");
  pf_tray_state_add_profile (state, "home", "Home", TRUE, NULL);
  pf_tray_state_add_profile (state, "win", "Windows", TRUE, NULL);
  pf_tray_state_add_profile (state, "old", "Old_machine", FALSE, "It was made for another machine.");
  controller->driver = g_strdup ("xhci_hcd");
  controller->iommu_group = 3;
  return state;
}

static const PfMenuRow *
find_key (GPtrArray *rows, const char *key)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const PfMenuRow *row = g_ptr_array_index (rows, i);

      if (g_str_equal (row->key, key))
        return row;
    }
  return NULL;
}

/* The labels of a menu, one on a line: "(*) " before the active radio item, "- " before what cannot be
 * chosen. */
static char *
draw (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const PfMenuRow *row = g_ptr_array_index (rows, i);

      if (row->hidden)
        continue;
      if (row->kind == PF_MENU_ROW_SEPARATOR)
        g_string_append (text, "----\n");
      else
        g_string_append_printf (text, "%s%s%s%s\n", row->sensitive ? "" : "- ",
                                row->kind != PF_MENU_ROW_RADIO ? ""
                                : row->active                  ? "(*) "
                                                               : "( ) ",
                                row->label, row->children != NULL ? " >" : "");
    }
  return g_string_free (text, FALSE);
}

static void
assert_menu (PfTrayState *state, const char *expected)
{
  g_autoptr (GPtrArray) rows = pf_menu_model_build (state);
  g_autofree char *drawn = draw (rows);

  g_assert_cmpstr (drawn, ==, expected);
}

#define END                                                                                                  \
  "----\n"                                                                                                   \
  "_Virtual machine…\n"                                                                                      \
  "Keyboard _shortcut…\n"                                                                                    \
  "_Doctor…\n"                                                                                               \
  "_About Portferry\n"                                                                                       \
  "_Quit\n"

static void
test_home (void)
{
  g_autoptr (PfTrayState) state = create_state ();

  assert_menu (state, "- Everything is home\n"
                      "----\n"
                      "(*) Home\n"
                      "( ) Windows\n"
                      "- ( ) Old_machine – It was made for another machine.\n"
                      "----\n"
                      "_Ports…\n"
                      "_New profile…\n"
                      "_Edit profile >\n"
                      "_Controllers >\n"
                      "Bring everything _home\n" END);
}

static void
test_switching (void)
{
  g_autoptr (PfTrayState) state = create_state ();

  state->wanted_id = g_strdup ("win");
  state->phase = PF_PHASE_APPLYING;
  /* The mark stays where it is until the helper says that it has moved. */
  assert_menu (state, "- Switching to Windows…\n"
                      "----\n"
                      "- (*) Home\n"
                      "- ( ) Windows\n"
                      "- ( ) Old_machine – It was made for another machine.\n"
                      "----\n"
                      "_Ports…\n"
                      "_New profile…\n"
                      "_Edit profile >\n"
                      "_Controllers >\n"
                      "- Bring everything _home\n" END);
}

static void
test_refused (void)
{
  g_autoptr (PfTrayState) state = create_state ();

  state->refusal = g_strdup ("Not authorized: an administrator has to allow this.");
  assert_menu (state, "- Everything is home\n"
                      "- Not authorized: an administrator has to allow this.\n"
                      "----\n"
                      "(*) Home\n"
                      "( ) Windows\n"
                      "- ( ) Old_machine – It was made for another machine.\n"
                      "----\n"
                      "_Ports…\n"
                      "_New profile…\n"
                      "_Edit profile >\n"
                      "_Controllers >\n"
                      "Bring everything _home\n" END);
}

static void
test_question (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  g_autoptr (GPtrArray) rows = NULL;

  state->phase = PF_PHASE_AWAITING_CONFIRMATION;
  state->transaction = g_strdup ("7");
  rows = pf_menu_model_build (state);
  g_assert_true (pf_menu_model_find (rows, PF_VERB_CONFIRM, "7")->sensitive);
  g_assert_true (pf_menu_model_find (rows, PF_VERB_REVERT, "7")->sensitive);
  g_assert_true (pf_menu_model_find (rows, PF_VERB_HOME, NULL)->sensitive);
  state->phase = PF_PHASE_IDLE;
  g_ptr_array_unref (rows);
  rows = pf_menu_model_build (state);
  g_assert_null (pf_menu_model_find (rows, PF_VERB_CONFIRM, "7"));
  g_assert_null (pf_menu_model_find (rows, PF_VERB_REVERT, "7"));
}

static void
test_asleep (void)
{
  g_autoptr (PfTrayState) state = pf_tray_state_new ();

  assert_menu (state, "- Everything is home\n"
                      "- Nothing is lent, so the helper sleeps\n"
                      "----\n"
                      "_Ports…\n"
                      "_New profile…\n"
                      "- _Edit profile >\n"
                      "_Controllers >\n"
                      "Bring everything _home\n" END);
  /* Profiles that were seen earlier in this run can be chosen: that wakes the helper. */
  state->active_id = g_strdup ("home");
  pf_tray_state_add_profile (state, "home", "Home", TRUE, NULL);
  pf_tray_state_add_profile (state, "win", "Windows", TRUE, NULL);
  assert_menu (state, "- Everything is home\n"
                      "----\n"
                      "(*) Home\n"
                      "( ) Windows\n"
                      "----\n"
                      "_Ports…\n"
                      "_New profile…\n"
                      "_Edit profile >\n"
                      "_Controllers >\n"
                      "Bring everything _home\n" END);
}

static void
test_loading (void)
{
  g_autoptr (PfTrayState) state = pf_tray_state_new ();

  state->presence = PF_PRESENCE_LOADING;
  assert_menu (state, "- Everything is home\n"
                      "- Looking at the machine…\n"
                      "----\n"
                      "_Ports…\n"
                      "_New profile…\n"
                      "- _Edit profile >\n"
                      "_Controllers >\n"
                      "Bring everything _home\n" END);
}

static void
test_absent (void)
{
  g_autoptr (PfTrayState) state = pf_tray_state_new ();

  state->presence = PF_PRESENCE_ABSENT;
  state->absence = g_strdup ("The Portferry helper is not installed.");
  assert_menu (state, "- The helper is not available\n"
                      "- The Portferry helper is not installed.\n"
                      "- Without it nothing can be lent.\n"
                      "----\n"
                      "- _Ports…\n"
                      "- _New profile…\n"
                      "- _Edit profile >\n"
                      "- _Controllers >\n"
                      "- Bring everything _home\n" END);
}

static void
test_forbidden (void)
{
  g_autoptr (PfTrayState) state = pf_tray_state_new ();
  g_autoptr (GPtrArray) rows = NULL;

  state->presence = PF_PRESENCE_FORBIDDEN;
  state->absence = g_strdup ("The system bus does not let you talk to the Portferry helper.");
  pf_tray_state_add_profile (state, "win", "Windows", TRUE, NULL);
  rows = pf_menu_model_build (state);
  g_assert_cmpstr (find_key (rows, "header")->label, ==, "Not allowed to talk to the helper");
  g_assert_nonnull (find_key (rows, "note:0"));
  g_assert_false (pf_menu_model_find (rows, PF_VERB_SWITCH, "win")->sensitive);
  g_assert_false (pf_menu_model_find (rows, PF_VERB_HOME, NULL)->sensitive);
  g_assert_true (pf_menu_model_find (rows, PF_VERB_QUIT, NULL)->sensitive);
}

static void
test_no_iommu (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  g_autoptr (GPtrArray) rows = NULL;

  state->problem
      = g_strdup ("There is no IOMMU. Turn VT-d on in the firmware and add intel_iommu=on to the kernel's "
                  "command line.");
  state->problem_code = g_strdup ("NoIommu");
  rows = pf_menu_model_build (state);
  g_assert_cmpstr (find_key (rows, "header")->label, ==, "This machine has no IOMMU");
  g_assert_cmpstr (find_key (rows, "note:0")->label, ==,
                   "There is no IOMMU. Turn VT-d on in the firmware and add");
  g_assert_cmpstr (find_key (rows, "note:1")->label, ==, "intel_iommu=on to the kernel's command line.");
  g_assert_true (find_key (rows, "note:2")->hidden);
}

static void
test_empty_machine (void)
{
  g_autoptr (PfTrayState) state = pf_tray_state_new ();
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *controllers = NULL;

  state->presence = PF_PRESENCE_AWAKE;
  state->active_id = g_strdup ("home");
  pf_tray_state_add_profile (state, "home", "Home", TRUE, NULL);
  assert_menu (state, "- Everything is home\n"
                      "----\n"
                      "(*) Home\n"
                      "- No other profiles yet\n"
                      "----\n"
                      "_Ports…\n"
                      "_First steps…\n"
                      "_New profile…\n"
                      "- _Edit profile >\n"
                      "_Controllers >\n"
                      "Bring everything _home\n" END);
  rows = pf_menu_model_build (state);
  controllers = draw (find_key (rows, "controllers")->children);
  g_assert_cmpstr (controllers, ==, "- This machine has no USB controllers\n");
}

static void
assert_controller (PfTrayController *controller, PfTrayState *state, const char *label, const char *details)
{
  g_autoptr (GPtrArray) rows = pf_menu_model_build (state);
  const PfMenuRow *row = find_key (find_key (rows, "controllers")->children, "controller:0");
  g_autofree char *drawn = draw (row->children);

  g_assert_cmpstr (row->label, ==, label);
  g_assert_cmpstr (drawn, ==, details);
}

static void
test_controller (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  PfTrayController *controller = g_ptr_array_index (state->controllers, 0);

  assert_controller (controller, state, "00:14.0 Intel 9 Series Chipset Family USB xHCI – xhci_hcd, host",
                     "- Intel Corporation 9 Series Chipset Family USB xHCI Controller\n"
                     "----\n"
                     "- Nothing plugged in\n"
                     "----\n"
                     "- Alone in IOMMU group 3\n");
  g_ptr_array_add (controller->devices, g_strdup ("Logitech K120 (keyboard)"));
  g_ptr_array_add (controller->members, g_strdup ("00:1b.0 Audio – snd_hda_intel"));
  g_free (controller->driver);
  controller->driver = g_strdup ("vfio-pci");
  g_free (controller->owner);
  controller->owner = g_strdup ("guest");
  controller->holder = g_strdup ("qemu-system-x86 (4242)");
  controller->warning = g_strdup ("It cannot be reset.");
  controller->problem = g_strdup ("00:1b.0 blocks.");
  assert_controller (controller, state, "00:14.0 Intel 9 Series Chipset Family USB xHCI – vfio-pci, lent",
                     "- Intel Corporation 9 Series Chipset Family USB xHCI Controller\n"
                     "- In use by qemu-system-x86 (4242)\n"
                     "----\n"
                     "- Plugged in:\n"
                     "Logitech K120 (keyboard)\n"
                     "----\n"
                     "- Shares IOMMU group 3 with:\n"
                     "00:1b.0 Audio – snd_hda_intel\n"
                     "----\n"
                     "- 00:1b.0 blocks.\n"
                     "- It cannot be reset.\n");
}

static void
test_controller_owners (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  PfTrayController *controller = g_ptr_array_index (state->controllers, 0);
  g_autofree char *none = NULL;

  g_free (controller->owner);
  controller->owner = g_strdup ("guest");
  controller->lent_by = g_strdup ("others");
  controller->lender = g_strdup ("driverctl (/etc/driverctl.d/0000:00:14.0)");
  controller->iommu_group = -1;
  assert_controller (controller, state,
                     "00:14.0 Intel 9 Series Chipset Family USB xHCI – xhci_hcd, lent by others",
                     "- Intel Corporation 9 Series Chipset Family USB xHCI Controller\n"
                     "- Lent by driverctl (/etc/driverctl.d/0000:00:14.0)\n"
                     "----\n"
                     "- Nothing plugged in\n"
                     "----\n"
                     "- In no IOMMU group\n");
  g_free (controller->owner);
  controller->owner = g_strdup ("nobody");
  g_clear_pointer (&controller->lender, g_free);
  g_clear_pointer (&controller->driver, g_free);
  assert_controller (controller, state, "00:14.0 Intel 9 Series Chipset Family USB xHCI – no driver, nobody",
                     "- Intel Corporation 9 Series Chipset Family USB xHCI Controller\n"
                     "----\n"
                     "- Nothing plugged in\n"
                     "----\n"
                     "- In no IOMMU group\n");
}

/* What is cut off on the screen is spoken; "_" is a key only in our own words. */
static void
test_long_texts (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  g_autoptr (GPtrArray) rows = NULL;
  const PfMenuRow *row;

  pf_tray_state_add_profile (
      state, "long", "Long", FALSE,
      "This profile was made for another machine, one that had a card which this one lacks.");
  rows = pf_menu_model_build (state);
  row = pf_menu_model_find (rows, PF_VERB_SWITCH, "long");
  g_assert_cmpint (g_utf8_strlen (row->label, -1), <=, 60);
  g_assert_true (g_str_has_suffix (row->label, "…"));
  g_assert_true (g_str_has_suffix (row->spoken, "which this one lacks."));
  g_assert_false (pf_menu_model_find (rows, PF_VERB_SWITCH, "old")->mnemonic);
  g_assert_null (pf_menu_model_find (rows, PF_VERB_SWITCH, "old")->spoken);
  g_assert_true (pf_menu_model_find (rows, PF_VERB_QUIT, NULL)->mnemonic);
}

static void
assert_keys_unique (GPtrArray *rows)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < rows->len; i++)
    {
      const PfMenuRow *row = g_ptr_array_index (rows, i);

      g_assert_true (g_hash_table_add (keys, row->key));
      if (row->children != NULL)
        assert_keys_unique (row->children);
    }
}

static void
test_keys (void)
{
  g_autoptr (PfTrayState) state = create_state ();
  PfTrayController *controller = g_ptr_array_index (state->controllers, 0);
  g_autoptr (GPtrArray) rows = NULL;

  state->phase = PF_PHASE_AWAITING_CONFIRMATION;
  state->transaction = g_strdup ("7");
  state->problem = g_strdup ("a problem");
  state->refusal = g_strdup ("a refusal");
  pf_tray_state_add_controller (state, "0000:00:1a.0", "Another");
  /* Two of the same kind: twins must not share a row. */
  g_ptr_array_add (controller->devices, g_strdup ("Stick"));
  g_ptr_array_add (controller->devices, g_strdup ("Stick"));
  rows = pf_menu_model_build (state);
  assert_keys_unique (rows);
}

static void
list_rows (GPtrArray *rows, GString *list)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const PfMenuRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (list, "%u %s\n", row->kind, row->key);
      if (row->children == NULL)
        continue;
      g_string_append (list, "(\n");
      list_rows (row->children, list);
      g_string_append (list, ")\n");
    }
}

static char *
list_all (const PfTrayState *state)
{
  g_autoptr (GPtrArray) rows = pf_menu_model_build (state);
  GString *list = g_string_new (NULL);

  list_rows (rows, list);
  return g_string_free (list, FALSE);
}

/* Panels that have shown the menu once see no rows that come later. */
static void
test_all_rows_stand_from_the_start (void)
{
  g_autoptr (PfTrayState) asleep = pf_tray_state_new ();
  g_autoptr (PfTrayState) state = create_state ();
  PfTrayController *controller = g_ptr_array_index (state->controllers, 0);
  g_autofree char *start = list_all (asleep);
  g_autofree char *awake = list_all (state);
  g_autofree char *full = NULL;
  g_autofree char *absent = NULL;

  g_assert_cmpstr (start, ==, awake);
  state->phase = PF_PHASE_AWAITING_CONFIRMATION;
  state->transaction = g_strdup ("7");
  state->problem = g_strdup ("a problem");
  state->refusal = g_strdup ("a refusal");
  pf_tray_state_add_controller (state, "0000:00:1a.0", "Another");
  g_ptr_array_add (controller->devices, g_strdup ("Stick"));
  g_ptr_array_add (controller->members, g_strdup ("00:1b.0 Audio – snd_hda_intel"));
  controller->holder = g_strdup ("qemu-system-x86 (4242)");
  controller->warning = g_strdup ("It cannot be reset.");
  full = list_all (state);
  g_assert_cmpstr (start, ==, full);
  asleep->presence = PF_PRESENCE_ABSENT;
  asleep->absence = g_strdup ("The Portferry helper is not installed.");
  absent = list_all (asleep);
  g_assert_cmpstr (start, ==, absent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/menu-model/home", test_home);
  g_test_add_func ("/menu-model/switching", test_switching);
  g_test_add_func ("/menu-model/refused", test_refused);
  g_test_add_func ("/menu-model/question", test_question);
  g_test_add_func ("/menu-model/asleep", test_asleep);
  g_test_add_func ("/menu-model/loading", test_loading);
  g_test_add_func ("/menu-model/absent", test_absent);
  g_test_add_func ("/menu-model/forbidden", test_forbidden);
  g_test_add_func ("/menu-model/no-iommu", test_no_iommu);
  g_test_add_func ("/menu-model/empty-machine", test_empty_machine);
  g_test_add_func ("/menu-model/controller", test_controller);
  g_test_add_func ("/menu-model/controller-owners", test_controller_owners);
  g_test_add_func ("/menu-model/long-texts", test_long_texts);
  g_test_add_func ("/menu-model/keys", test_keys);
  g_test_add_func ("/menu-model/stands", test_all_rows_stand_from_the_start);
  return g_test_run ();
}
