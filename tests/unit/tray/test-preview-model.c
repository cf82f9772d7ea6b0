/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-preview-model.h"

#define KEYBOARD                                                                                             \
  "{'kind': <'device'>, 'name': <'Logitech K120'>, 'address': <'3-1'>, 'from': <'host'>, 'to': <'guest'>, "  \
  "'input': <'keyboard'>, 'storage': <false>}"
#define WEBCAM                                                                                               \
  "{'kind': <'device'>, 'name': <'Webcam C920'>, 'address': <'3-2'>, 'from': <'host'>, 'to': <'guest'>, "    \
  "'input': <''>, 'storage': <false>}"
#define STICK_BACK                                                                                           \
  "{'kind': <'device'>, 'name': <'Stick'>, 'address': <'3-3'>, 'from': <'guest'>, 'to': <'host'>, "          \
  "'input': <''>, 'storage': <true>}"
#define EHCI                                                                                                 \
  "{'kind': <'controller'>, 'name': <'Intel Corporation USB EHCI Controller'>, 'address': <'0000:00:1a.0'>," \
  " 'from': <'host'>, 'to': <'guest'>}"
#define SATA                                                                                                 \
  "{'kind': <'function'>, 'name': <'AHCI'>, 'address': <'0000:00:1f.2'>, 'from': <'host'>, 'to': <'guest'>}"
#define PORT                                                                                                 \
  "{'kind': <'port'>, 'name': <'ehci2/1'>, 'address': <'ehci2/1'>, 'from': <'host'>, 'to': <'guest'>}"

#define SOFT(code, address, what)                                                                            \
  "{'code': <'" code "'>, 'severity': <'soft'>, 'message': <'The facts.'>, 'address': <'" address "'>, "     \
  "'what': <'" what "'>}"
#define HARD(code)                                                                                           \
  "{'code': <'" code "'>, 'severity': <'hard'>, 'message': <'The facts.'>, 'address': <''>, 'what': <''>}"

static PfPreviewModel *
build (const char *rows, const char *objections)
{
  g_autofree char *rows_text = g_strdup_printf ("@aa{sv} [%s]", rows);
  g_autofree char *objections_text = g_strdup_printf ("@aa{sv} [%s]", objections);
  g_autoptr (GVariant) moves = g_variant_new_parsed (rows_text);
  g_autoptr (GVariant) against = g_variant_new_parsed (objections_text);
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  static const char *const plugged[]
      = { "{'sysname': <'3-1'>, 'name': <'Logitech K120'>, 'hub': <false>, 'input': <'keyboard'>}",
          "{'sysname': <'3-7'>, 'name': <'Hub'>, 'hub': <true>}",
          "{'sysname': <'3-8'>, 'name': <'Headset'>, 'hub': <false>}" };

  g_variant_ref_sink (moves);
  g_variant_ref_sink (against);
  for (guint i = 0; i < G_N_ELEMENTS (plugged); i++)
    g_ptr_array_add (devices, g_variant_ref_sink (g_variant_new_parsed (plugged[i])));
  return pf_preview_model_new ("Windows", moves, against, devices);
}

static void
assert_lines (GPtrArray *lines, const char *const *wanted)
{
  for (guint i = 0; wanted[i] != NULL; i++)
    {
      g_assert_cmpuint (i, <, lines->len);
      g_assert_cmpstr (lines->pdata[i], ==, wanted[i]);
    }
  g_assert_cmpuint (lines->len, ==, g_strv_length ((char **) wanted));
}

static void
test_lines (void)
{
  g_autoptr (PfPreviewModel) model = build (KEYBOARD "," WEBCAM "," STICK_BACK "," EHCI "," SATA "," PORT,
                                            SOFT ("last-keyboard", "3-1", ""));
  const char *const goes[]
      = { "Logitech K120 (your last keyboard)", "Webcam C920",  "Intel USB EHCI (controller 00:1a.0)",
          "AHCI (00:1f.2, of the same group)",  "Port ehci2/1", NULL };
  const char *const comes[] = { "Stick (stick or disk)", NULL };
  const char *const stays[] = { "Headset", NULL };

  g_assert_cmpstr (model->title, ==, "Switch to Windows?");
  assert_lines (model->goes, goes);
  assert_lines (model->comes, comes);
  assert_lines (model->stays, stays);
}

#define NOTE "{'code': <'stays'>, 'severity': <'note'>, 'message': <'The Cherry stays.'>, 'address': <''>, 'what': <''>}"

/* What is only good to know is neither overridden nor in the way. */
static void
test_note (void)
{
  g_autoptr (PfPreviewModel) model = build (KEYBOARD, NOTE);

  g_assert_cmpuint (model->objections->len, ==, 0);
  g_assert_cmpuint (model->notes->len, ==, 1);
  g_assert_cmpstr (model->notes->pdata[0], ==, "The Cherry stays.");
  g_assert_cmpstr (model->deed, ==, "_Lend 1 device");
  g_assert_null (model->override[0]);
}

static void
test_many_that_stay (void)
{
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new_parsed ("@aa{sv} []"));
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (PfPreviewModel) model = NULL;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *text = g_strdup_printf ("{'sysname': <'1-%u'>, 'name': <'Device %u'>}", i, i);

      g_ptr_array_add (devices, g_variant_ref_sink (g_variant_new_parsed (text)));
    }
  model = pf_preview_model_new ("Windows", none, none, devices);
  g_assert_cmpuint (model->stays->len, ==, 7);
  g_assert_cmpstr (model->stays->pdata[6], ==, "34 more");
}

/* What a button says, and what it does beside switching. */
static void
test_deed (void)
{
  static const struct
  {
    const char *moves;
    const char *objections;
    const char *deed;
    const char *unmount;
    const char *override;
  } cases[] = {
    { KEYBOARD "," WEBCAM "," EHCI "," PORT, "", "_Lend 2 devices", "", "" },
    { WEBCAM, "", "_Lend 1 device", "", "" },
    { EHCI "," SATA "," PORT, "", "_Lend 2 controllers", "", "" },
    { PORT, "", "_Lend 1 port", "", "" },
    { STICK_BACK, "", "_Bring 1 device home", "", "" },
    { "", "", "_Switch", "", "" },
    { KEYBOARD, SOFT ("last-keyboard", "3-1", ""), "_Lend 1 device all the same", "", "last-keyboard" },
    { WEBCAM, SOFT ("mounted", "3-2", "sdb1"), "_Unmount and lend", "sdb1", "" },
    { WEBCAM, SOFT ("mounted", "3-2", "sdb1") "," SOFT ("mounted", "3-2", "sdb2"), "_Unmount and lend",
      "sdb1 sdb2", "" },
    { KEYBOARD, SOFT ("mounted", "3-2", "sdb1") "," SOFT ("no-reset", "x", "") "," SOFT ("no-reset", "y", ""),
      "_Unmount, and lend all the same", "sdb1", "no-reset" },
    { STICK_BACK, SOFT ("mounted", "3-2", "sdb1"), "_Unmount and switch", "sdb1", "" },
    /* A helper that does not say what is mounted cannot be helped by unmounting. */
    { WEBCAM, SOFT ("mounted", "3-2", ""), "_Lend 1 device all the same", "", "mounted" },
    { WEBCAM, HARD ("root-disk"), NULL, NULL, NULL },
    { WEBCAM, SOFT ("mounted", "3-2", "sdb1") "," HARD ("held"), NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfPreviewModel) model = build (cases[i].moves, cases[i].objections);
      g_autofree char *unmount = g_strjoinv (" ", model->unmount);
      g_autofree char *override = g_strjoinv (" ", model->override);

      g_assert_cmpstr (model->deed, ==, cases[i].deed);
      if (cases[i].deed == NULL)
        {
          g_assert_cmpstr (model->title, ==, "Windows cannot be switched to");
          continue;
        }
      g_assert_cmpstr (unmount, ==, cases[i].unmount);
      g_assert_cmpstr (override, ==, cases[i].override);
    }
}

static void
test_objections (void)
{
  g_autoptr (PfPreviewModel) model
      = build (KEYBOARD, SOFT ("last-keyboard", "3-1", "") "," HARD ("something-new"));
  const PfPreviewObjection *soft = model->objections->pdata[0], *hard = model->objections->pdata[1];

  g_assert_cmpuint (model->objections->len, ==, 2);
  g_assert_cmpstr (soft->title, ==, "No keyboard stays here");
  g_assert_cmpstr (soft->message, ==, "The facts.");
  g_assert_false (soft->hard);
  g_assert_cmpstr (hard->title, ==, "It cannot be done");
  g_assert_true (hard->hard);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preview-model/lines", test_lines);
  g_test_add_func ("/preview-model/note", test_note);
  g_test_add_func ("/preview-model/many-that-stay", test_many_that_stay);
  g_test_add_func ("/preview-model/deed", test_deed);
  g_test_add_func ("/preview-model/objections", test_objections);
  return g_test_run ();
}
