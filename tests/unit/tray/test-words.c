/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-message.h"
#include "pf-words.h"

static void
test_shorten (void)
{
  g_autofree char *same = pf_words_shorten ("keyboard", 8);
  g_autofree char *shorter = pf_words_shorten ("keyboard", 7);
  g_autofree char *umlauts = pf_words_shorten ("Gerät für Füße", 8);
  g_autofree char *trimmed = pf_words_shorten ("USB keyboard", 5);

  g_assert_cmpstr (same, ==, "keyboard");
  g_assert_cmpstr (shorter, ==, "keyboa…");
  g_assert_cmpstr (umlauts, ==, "Gerät f…");
  g_assert_cmpstr (trimmed, ==, "USB…");
}

static void
test_shorten_name (void)
{
  static const char *const names[][2] = {
    { "Intel Corporation 9 Series Chipset Family USB xHCI Controller",
      "Intel 9 Series Chipset Family USB xHCI" },
    { "Intel Corporation 9 Series Chipset Family USB EHCI Controller #2",
      "Intel 9 Series Chipset Family USB EHCI #2" },
    { "Advanced Micro Devices, Inc. [AMD] Matisse USB 3.0 Host Controller", "AMD Matisse USB 3.0" },
    { "VIA Technologies, Inc. VT6306", "VIA Technologies VT6306" },
    { "ASMedia Technology Inc. ASM1142 USB 3.1 Host Controller", "ASMedia ASM1142 USB 3.1" },
    { " Controller", " Controller" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = pf_words_shorten_name (names[i][0]);

      g_assert_cmpstr (name, ==, names[i][1]);
    }
}

static void
test_shorten_address (void)
{
  g_assert_cmpstr (pf_words_shorten_address ("0000:00:14.0"), ==, "00:14.0");
  g_assert_cmpstr (pf_words_shorten_address ("10000:e1:00.0"), ==, "10000:e1:00.0");
}

static void
test_join (void)
{
  const char *const names[] = { "a", "b", "c", "d", NULL };
  const char *const one[] = { "a", NULL };
  const char *const two[] = { "a", "b", NULL };
  g_autofree char *all = pf_words_join (names, 4);
  g_autofree char *some = pf_words_join (names, 2);
  g_autofree char *single = pf_words_join (one, 4);
  g_autofree char *pair = pf_words_join (two, 2);

  g_assert_cmpstr (all, ==, "a, b, c and d");
  g_assert_cmpstr (some, ==, "a, b and 2 more");
  g_assert_cmpstr (single, ==, "a");
  g_assert_cmpstr (pair, ==, "a and b");
}

static void
test_wrap (void)
{
  g_auto (GStrv) lines = pf_words_wrap ("Add  intel_iommu=on\nto the kernel's command line.", 20);
  g_auto (GStrv) none = pf_words_wrap ("", 20);
  g_auto (GStrv) giant = pf_words_wrap ("incomprehensibilities of it", 5);

  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpstr (lines[0], ==, "Add intel_iommu=on");
  g_assert_cmpstr (lines[1], ==, "to the kernel's");
  g_assert_cmpstr (lines[2], ==, "command line.");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (giant), ==, 2);
}

static char *
describe (const char *moves)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), moves, NULL, NULL, &error);

  g_assert_no_error (error);
  return pf_message_describe_moves (value);
}

/* Devices are what people know: where one moves, nothing else is named. */
static void
test_moves (void)
{
  g_autofree char *gone = describe ("[{'kind': <'port'>, 'name': <'ehci1/1'>, 'to': <'guest'>},"
                                    " {'kind': <'device'>, 'name': <'Logitech K120'>, 'to': <'guest'>},"
                                    " {'kind': <'device'>, 'name': <'webcam C920'>, 'to': <'guest'>}]");
  g_autofree char *both = describe ("[{'kind': <'device'>, 'name': <'mouse'>, 'to': <'guest'>},"
                                    " {'kind': <'device'>, 'name': <'stick'>, 'to': <'host'>}]");
  g_autofree char *controllers
      = describe ("[{'kind': <'port'>, 'name': <'ehci1/1'>, 'to': <'host'>},"
                  " {'kind': <'controller'>, 'name': <'Intel EHCI'>, 'to': <'host'>}]");
  g_autofree char *ports = describe ("[{'kind': <'port'>, 'name': <'ehci1/1'>, 'to': <'guest'>},"
                                     " {'kind': <'port'>, 'name': <'ehci1/2'>, 'to': <'guest'>}]");
  g_autofree char *nothing = describe ("[]");

  g_assert_cmpstr (gone, ==, "Logitech K120 and webcam C920 went to the guest.");
  g_assert_cmpstr (both, ==, "mouse went to the guest.\nstick came home.");
  g_assert_cmpstr (controllers, ==, "Intel EHCI came home.");
  g_assert_cmpstr (ports, ==, "ehci1/1 and ehci1/2 went to the guest.");
  g_assert_cmpstr (nothing, ==, "Nothing changed hands.");
}

static void
test_origin (void)
{
  static const char *const others[] = { "ctl", "guest", "boot", "guard" };
  g_autofree char *named = pf_message_describe_origin ("guest:win:10");

  g_assert_null (pf_message_describe_origin ("tray"));
  g_assert_null (pf_message_describe_origin ("hotkey"));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *text = pf_message_describe_origin (others[i]);

      g_assert_nonnull (text);
    }
  g_assert_cmpstr (named, ==, "Asked for by the guest “win:10”.");
}

static void
test_countdown (void)
{
  g_autofree char *many = pf_message_describe_countdown ("Windows", 12);
  g_autofree char *one = pf_message_describe_countdown ("Windows", 1);

  g_assert_cmpstr (many, ==, "Windows goes back in 12 seconds unless you keep it.");
  g_assert_cmpstr (one, ==, "Windows goes back in 1 second unless you keep it.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/shorten", test_shorten);
  g_test_add_func ("/words/shorten-name", test_shorten_name);
  g_test_add_func ("/words/shorten-address", test_shorten_address);
  g_test_add_func ("/words/join", test_join);
  g_test_add_func ("/words/wrap", test_wrap);
  g_test_add_func ("/message/moves", test_moves);
  g_test_add_func ("/message/origin", test_origin);
  g_test_add_func ("/message/countdown", test_countdown);
  return g_test_run ();
}
