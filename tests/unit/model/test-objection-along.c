/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What speaks against taking a neighbour along, and against taking what a process has open. */

#include <string.h>

#include "pf-objection.h"
#include "pf-test-plan.h"

#define SHARED "0000:21:00.3"
#define NEIGHBOUR "0000:21:00.6"
#define ALONE "0000:02:00.0"

static const PfUsePlace neighbour = { (char *) NEIGHBOUR, NULL };
static const PfUsePlace plugged = { (char *) SHARED, (char *) "9-1" };

typedef struct
{
  PfUseKind kind;
  const PfUsePlace *place;
  const char *what;
  const char *where;
} Use;

/* The objections to lending the controller that has a neighbour of class @class_code with @driver. */
static GPtrArray *
compute (guint32 class_code, const char *driver, const Use *uses, guint n_uses, const char *controller)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_amd ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", controller, "");
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);
  PfFunction *function = pf_board_find_function (board, NEIGHBOUR);

  g_assert_no_error (error);
  function->class_code = class_code;
  g_free (function->driver);
  function->driver = g_strdup (driver);
  for (guint i = 0; i < n_uses; i++)
    pf_board_add_use (board, uses[i].kind, uses[i].place, uses[i].what, uses[i].where);
  return pf_objections_compute (board, plan, profile);
}

static char *
describe (const GPtrArray *objections)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      g_test_message ("%s: %s", objection->code, objection->message);
      g_assert_true (pf_objection_code_exists (objection->code));
      g_assert_null (strstr (objection->message, "(null)"));
      g_string_append_printf (text, "%s%s %s %s", i > 0 ? "; " : "",
                              pf_severity_to_string (objection->severity), objection->code,
                              objection->address);
    }
  return g_string_free (text, FALSE);
}

static const char *
get_message (const GPtrArray *objections)
{
  return ((const PfObjection *) objections->pdata[0])->message;
}

/* What people miss, and what nobody does. */
static void
test_kinds (void)
{
  static const struct
  {
    guint32 class_code;
    const char *driver;
    const char *word; /* NULL: not a word */
  } cases[] = {
    { 0x010601, "ahci", "disk controller" },
    { 0x010802, "nvme", "disk controller" },
    { 0x010400, "megaraid", "disk controller" },
    { 0x020000, "igb", "network card" },
    { 0x028000, "iwlwifi", "network card" },
    { 0x040300, "snd_hda_intel", "sound card" },
    { 0x040100, "snd_ens1371", "sound card" },
    { 0x088000, "thunderbolt", "Thunderbolt" },
    { 0x088000, "thunderbolt", "Thunderbolt" },
    { 0x0c0340, "thunderbolt", NULL }, /* said by usb4-tunnels */
    { 0x070002, "serial", "serial port" },
    { 0x080501, "sdhci-pci", "card reader" },
    { 0xff0000, "rtsx_pci", "card reader" },
    { 0x0c0010, "firewire_ohci", "FireWire" },
    { 0x060100, "lpc_ich", NULL },
    { 0x0c0500, "i801_smbus", NULL },
    { 0x108000, "ccp", NULL },
    { 0x078000, "mei_me", NULL },
    { 0x050000, "intel_pmc", NULL },
    { 0x130000, "dummy", NULL },
    { 0x010601, NULL, NULL },
    { 0x088000, "intel_something", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) objections = compute (cases[i].class_code, cases[i].driver, NULL, 0, SHARED);
      g_autofree char *text = describe (objections);

      g_assert_cmpstr (text, ==, cases[i].word != NULL ? "soft goes-along " NEIGHBOUR : "");
      if (cases[i].word != NULL)
        g_assert_nonnull (strstr (get_message (objections), cases[i].word));
    }
}

static void
test_contents (void)
{
  static const Use uses[] = { { PF_USE_CONTENT, &neighbour, "sda", "Samsung SSD 860, 500 GB, not mounted" },
                              { PF_USE_CONTENT, &neighbour, "sdb", "4 TB, not mounted" } };
  g_autoptr (GPtrArray) objections = compute (0x010601, "ahci", uses, G_N_ELEMENTS (uses), SHARED);
  g_autoptr (GPtrArray) others = compute (0x010601, "ahci", uses, G_N_ELEMENTS (uses), ALONE);

  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_nonnull (strstr (get_message (objections),
                            "sda (Samsung SSD 860, 500 GB, not mounted); sdb (4 TB, not mounted)"));
  g_assert_cmpuint (others->len, ==, 0);
}

/* What cannot be taken anyway is not said again; of disks there can be others. */
static void
test_once (void)
{
  static const struct
  {
    Use use;
    guint32 class_code;
    const char *expected;
  } cases[] = {
    { { PF_USE_ROOT, &neighbour, "sda1", "/" }, 0x010601, "hard root-disk " NEIGHBOUR },
    { { PF_USE_MOUNT, &neighbour, "sda1", "/media/x" },
      0x010601,
      "soft mounted " NEIGHBOUR "; soft goes-along " NEIGHBOUR },
    { { PF_USE_AUDIO, &neighbour, "PCH", "pipewire (7)" }, 0x040300, "soft audio-in-use " NEIGHBOUR },
    { { PF_USE_DISPLAY, &neighbour, "HDMI-A-1", "screen" }, 0x030000, "hard display " NEIGHBOUR },
    { { PF_USE_GRAPHICS, &neighbour, "Xorg (7)", "nvidia0" }, 0x030000, "hard display " NEIGHBOUR },
    { { PF_USE_CONTENT, &neighbour, "sda", "x" }, 0x030000, "soft graphics-goes-along " NEIGHBOUR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) objections = compute (cases[i].class_code, "driver", &cases[i].use, 1, SHARED);
      g_autofree char *text = describe (objections);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* A card without a driver still shows the firmware's picture. */
static void
test_picture_without_driver (void)
{
  static const Use use = { PF_USE_DISPLAY, &neighbour, "console", "screen" };
  g_autoptr (GPtrArray) objections = compute (0x030000, NULL, &use, 1, SHARED);
  g_autoptr (GPtrArray) others = compute (0x030000, NULL, &use, 1, ALONE);

  g_assert_cmpuint (objections->len, ==, 1);
  g_assert_cmpuint (others->len, ==, 0);
}

static void
test_open (void)
{
  static const struct
  {
    Use use;
    const char *expected;
    const char *words;
  } cases[] = {
    { { PF_USE_OPEN, &plugged, "qemu-system-x86 “win11” (7)", "bus/usb/009/002" },
      "soft in-use 9-1",
      "“win11”" },
    { { PF_USE_POWER, &plugged, "usbhid-ups (7)", "bus/usb/009/002" }, "soft in-use 9-1", "power cut" },
    { { PF_USE_WRITTEN, &plugged, "dd (7)", "sdb" }, "hard in-use 9-1", "sdb" },
    { { PF_USE_UNSEEN, &plugged, "processes", "open files" }, "note users-unknown 9-1", "Not all processes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) objections = compute (0x130000, NULL, &cases[i].use, 1, SHARED);
      g_autoptr (GPtrArray) others = compute (0x130000, NULL, &cases[i].use, 1, ALONE);
      g_autofree char *text = describe (objections);

      g_assert_cmpstr (text, ==, cases[i].expected);
      g_assert_nonnull (strstr (get_message (objections), cases[i].words));
      g_assert_cmpuint (others->len, ==, 0);
    }
}

/* What has a screen cannot leave: that a program drives it needs no word. */
static void
test_open_once (void)
{
  static const Use uses[] = { { PF_USE_DISPLAY, &plugged, "DVI-I-1", "screen" },
                              { PF_USE_OPEN, &plugged, "DisplayLinkMan (7)", "bus/usb/009/002" } };
  g_autoptr (GPtrArray) objections = compute (0x130000, NULL, uses, G_N_ELEMENTS (uses), SHARED);
  g_autofree char *text = describe (objections);

  g_assert_cmpstr (text, ==, "hard display 9-1");
}

/* A program can open very much: the rest of the board's uses still has room. */
static void
test_many (void)
{
  g_autoptr (PfBoard) board = pf_board_new ();

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *process = g_strdup_printf ("cat (%u)", i);

      pf_board_add_use (board, PF_USE_OPEN, &plugged, process, "ttyUSB0");
    }
  g_assert_cmpuint (board->uses->len, ==, PF_USE_MAX_OF_KIND);
  pf_board_add_use (board, PF_USE_WRITTEN, &plugged, "dd (1)", "sdb");
  g_assert_cmpuint (board->uses->len, ==, PF_USE_MAX_OF_KIND + 1);
  pf_board_drop_close_uses (board);
  g_assert_cmpuint (board->uses->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/along/kinds", test_kinds);
  g_test_add_func ("/model/along/contents", test_contents);
  g_test_add_func ("/model/along/once", test_once);
  g_test_add_func ("/model/along/picture-without-driver", test_picture_without_driver);
  g_test_add_func ("/model/along/open", test_open);
  g_test_add_func ("/model/along/open-once", test_open_once);
  g_test_add_func ("/model/along/many", test_many);
  return g_test_run ();
}
