/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which keyboard leaves and which stays, as Preview says it. Board: typed-on. */
#include <string.h>

#include "pf-test-helper.h"

#define TRIES 100
#define TRY_MS 50

static GVariant *
preview (guint row)
{
  g_autofree char *path = pf_bus_profile_path ("typing");
  g_autoptr (GVariant) answer = pf_test_manager ("remote", "Preview", "(objectpath '%s',)", path);

  return g_variant_get_child_value (answer, row);
}

static const char *
get (GVariant *row, const char *key)
{
  const char *text = "";

  g_variant_lookup (row, key, "&s", &text);
  return text;
}

/* Whether one of @rows has @value under @key, and the words in @text_key. */
static gboolean
has_row (GVariant *rows, const char *key, const char *value, const char *text_key, const char *words)
{
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      if (g_str_equal (get (row, key), value) && strstr (get (row, text_key), words) != NULL)
        {
          g_test_message ("%s: %s", value, get (row, text_key));
          return TRUE;
        }
    }
  return FALSE;
}

/* The kernel takes a moment to see what was plugged in. */
static void
expect (const char *code, const char *words)
{
  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr (GVariant) objections = preview (2);

      if (has_row (objections, "code", code, "message", words))
        {
          g_assert_cmpint (g_variant_n_children (objections), ==, 1);
          return;
        }
      g_usleep (TRY_MS * 1000);
    }
  g_error ("nobody says %s: %s", code, words);
}

/* It goes with its adapter, and is named with it. */
static void
test_bluetooth (void)
{
  g_autoptr (GVariant) moves = NULL;
  g_autofree char *transaction = NULL;

  pf_test_add_profile ("typing", "{'controllers': <['00:14.0']>}");
  pf_test_control ("unplug front");
  expect ("last-keyboard",
          "Keyboard K380 (by the Bluetooth adapter Intel Wireless Bluetooth) is the last keyboard");
  moves = preview (1);
  g_assert_true (has_row (moves, "input", "keyboard", "name", "Keyboard K380 (by the Bluetooth adapter"));
  pf_test_refuse_apply ("root", "typing", "@a{sv} {}", PF_ERROR_OBJECTION);
  transaction
      = pf_test_apply ("root", "typing", "{'override': <['last-keyboard']>, 'confirm-seconds': <uint32 60>}");
  pf_test_go_home ();
}

/* First use asks, for it as for any keyboard. */
static void
test_confirmed (void)
{
  g_autofree char *transaction = NULL;

  pf_test_add_profile ("safe", "{'controllers': <['00:14.0']>, 'on-vm-exit': <'home'>}");
  transaction = pf_test_apply ("root", "safe", "@a{sv} {}");
  pf_test_expect (PF_BUS_MANAGER_PATH, PF_TEST_MANAGER, "State", "'awaiting-confirmation'");
  pf_test_go_home ();
}

/* Nothing of it stands in for a keyboard. */
static void
test_others (void)
{
  static const char *const cases[][2] = {
    { "plug card id=1050:0407 kind=security-key product=YubiKey", "What stays, YubiKey, is a security key." },
    { "plug card id=05e0:1200 kind=scanner product=Scanner",
      "What stays, Scanner, is a scanner or card reader." },
    { "plug card id=0557:2419 kind=receiver product=Console",
      "What stays, Console, is a keyboard or mouse of a remote console." },
    { "plug card id=30fa:1701 interfaces=030102;030101 product=Optical",
      "What stays, Optical, is a mouse with more keys." },
    { "plug card id=046d:c31c kind=keyboard drivers=usbfs;usbfs product=Keys",
      "What stays, Keys, is in the hands of another program" },
  };

  pf_test_control ("unplug radio");
  pf_test_control ("plug front id=046d:c31c kind=keyboard product=Desk");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      pf_test_control (cases[i][0]);
      expect ("last-keyboard", cases[i][1]);
      pf_test_control ("unplug card");
    }
}

/* What stays is named, and speaks against nothing. */
static void
test_note (void)
{
  g_autofree char *transaction = NULL;

  pf_test_control ("plug card id=046d:c31c kind=keyboard product=Other");
  expect ("keyboard-stays", "Other is taken to be the keyboard that stays.");
  transaction = pf_test_apply ("root", "typing", "{'confirm-seconds': <uint32 60>}");
  pf_test_go_home ();
}

int
main (int argc, char **argv)
{
  pf_test_init (&argc, &argv);
  g_test_add_func ("/inputs/bluetooth", test_bluetooth);
  g_test_add_func ("/inputs/confirmed", test_confirmed);
  g_test_add_func ("/inputs/others", test_others);
  g_test_add_func ("/inputs/note", test_note);
  return g_test_run ();
}
