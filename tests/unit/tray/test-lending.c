/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-lending.h"

static GPtrArray *
new_machine (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) pf_lending_controller_free);
}

static PfLendingController *
add (GPtrArray *machine, const char *address, int group, guint n_sockets)
{
  PfLendingController *controller = pf_lending_controller_new (address, "xHCI", group);

  controller->can_be_lent = TRUE;
  controller->n_sockets = n_sockets;
  g_ptr_array_add (machine, controller);
  return controller;
}

static void
add_input (PfLendingController *controller, const char *name)
{
  g_ptr_array_add (controller->inputs, g_strdup (name));
}

/* Asserts that the ways are @n, and that the one at @way, unless that is none, has @words. */
static void
assert_says (GPtrArray *machine, PfLendingKind kind, guint n, const char *words, const char *advice)
{
  g_autoptr (PfLending) lending = pf_lending_describe (machine);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < lending->ways->len; i++)
    g_string_append_printf (text, "%s\n", (char *) lending->ways->pdata[i]);
  g_test_message ("%s\n%s%s", lending->what, text->str, lending->advice != NULL ? lending->advice : "");
  g_assert_cmpint (lending->kind, ==, kind);
  g_assert_cmpuint (lending->ways->len, ==, n);
  if (words != NULL)
    g_assert_nonnull (strstr (text->str, words));
  if (advice == NULL)
    g_assert_null (lending->advice);
  else
    g_assert_nonnull (strstr (lending->advice, advice));
}

static void
test_only_one (void)
{
  g_autoptr (GPtrArray) machine = new_machine ();
  PfLendingController *xhci = add (machine, "0000:00:14.0", 3, 16);

  assert_says (machine, PF_LENDING_LAST, 1, "(00:14.0): as a whole, with up to 16 sockets.", "PCIe card");
  add_input (xhci, "USB Keyboard");
  add_input (xhci, "USB Mouse");
  assert_says (machine, PF_LENDING_INPUT, 1, "would lose USB Keyboard and USB Mouse", "usb-host");
}

static void
test_two (void)
{
  g_autoptr (GPtrArray) machine = new_machine ();
  PfLendingController *chipset = add (machine, "0000:00:14.0", 3, 16);
  PfLendingController *card = add (machine, "0000:03:00.0", 12, 4);

  add_input (chipset, "USB Keyboard");
  assert_says (machine, PF_LENDING_WELL, 2, "(03:00.0): as a whole, with up to 4 sockets.\n", NULL);
  add_input (card, "USB Mouse");
  assert_says (machine, PF_LENDING_INPUT, 2, "would lose USB Mouse", "sockets of xHCI (03:00.0)");
  card->can_be_lent = FALSE;
  assert_says (machine, PF_LENDING_INPUT, 1, "(00:14.0)", "sockets of xHCI (03:00.0)");
  card->is_away = TRUE;
  assert_says (machine, PF_LENDING_INPUT, 1, "No USB socket would stay", "PCIe card");
}

/* What the host lives on is no way, and says why. */
static void
test_obstacle (void)
{
  g_autoptr (GPtrArray) machine = new_machine ();
  PfLendingController *chipset = add (machine, "0000:02:00.0", 10, 12);
  g_autoptr (PfLending) lending = NULL;

  add (machine, "0000:0c:00.3", 5, 4);
  chipset->obstacle = g_strdup ("It drives a screen.");
  assert_says (machine, PF_LENDING_WELL, 1, "(0c:00.3)", NULL);
  lending = pf_lending_describe (machine);
  g_assert_cmpuint (lending->obstacles->len, ==, 1);
  g_assert_cmpstr (lending->obstacles->pdata[0], ==, "Not xHCI (02:00.0): It drives a screen.");
  ((PfLendingController *) machine->pdata[1])->warning = g_strdup ("It may hang.");
  assert_says (machine, PF_LENDING_WELL, 1, "with up to 4 sockets. It may hang.\n", NULL);
  g_ptr_array_set_size (machine, 1);
  assert_says (machine, PF_LENDING_NOTHING, 0, NULL, "usb-host");
}

static void
test_group (void)
{
  g_autoptr (GPtrArray) machine = new_machine ();
  PfLendingController *one = add (machine, "0000:02:00.0", 5, 10),
                      *other = add (machine, "0000:02:00.3", 5, 2);

  add (machine, "0000:0a:00.3", 9, 0)->can_be_lent = FALSE;
  g_ptr_array_add (one->along, g_strdup ("SATA"));
  g_ptr_array_add (other->along, g_strdup ("SATA"));
  assert_says (machine, PF_LENDING_LAST, 1, "xHCI (02:00.0) and xHCI (02:00.3): as a whole, with up to 12",
               "PCIe");
  assert_says (machine, PF_LENDING_LAST, 1, "SATA goes along.", "PCIe");
}

static void
test_router (void)
{
  g_autoptr (GPtrArray) machine = new_machine ();
  PfLendingController *xhci = add (machine, "0000:00:14.0", 5, 14),
                      *ehci = add (machine, "0000:00:1a.0", 6, 6);

  xhci->is_routed = ehci->is_routed = TRUE;
  xhci->n_movable = 14;
  add_input (xhci, "USB Keyboard");
  assert_says (machine, PF_LENDING_WELL, 1, "Single sockets: 14 ports", NULL);
  ehci->can_be_lent = xhci->can_be_lent = FALSE;
  assert_says (machine, PF_LENDING_NOTHING, 0, NULL, "usb-host");
}

static void
test_away (void)
{
  g_autoptr (GPtrArray) machine = new_machine ();

  add (machine, "0000:00:14.0", 5, 0)->is_away = TRUE;
  assert_says (machine, PF_LENDING_AWAY, 0, NULL, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lending/only-one", test_only_one);
  g_test_add_func ("/lending/two", test_two);
  g_test_add_func ("/lending/group", test_group);
  g_test_add_func ("/lending/obstacle", test_obstacle);
  g_test_add_func ("/lending/router", test_router);
  g_test_add_func ("/lending/away", test_away);
  return g_test_run ();
}
