/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of the resets of chips, and of USB4 host interfaces; and what the machine contradicts of it.
 */

#include <string.h>

#include "pf-objection.h"
#include "pf-reset-quirk.h"
#include "pf-test-plan.h"

#define CARD "0000:05:00.0"
#define TWIN "0000:05:00.1"

static PfTestBoard *
make_board (guint32 ids, guint32 class_code)
{
  PfTestBoard *board = pf_test_board_new (PF_CPU_VENDOR_AMD);

  pf_test_board_add (board, CARD, ids, class_code, "Card",
                     class_code == 0x0c0340 ? "thunderbolt" : "xhci_hcd", 20);
  return board;
}

static GPtrArray *
compute (const PfTestBoard *made_up, PfBoard *board)
{
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", CARD, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (PfPlan) plan = pf_test_plan_compute (made_up, profile, &error);

  g_assert_no_error (error);
  return pf_objections_compute (board, plan, profile);
}

static guint
count (const GPtrArray *objections, const char *code, const PfObjection **found)
{
  guint n = 0;

  for (guint i = 0; i < objections->len; i++)
    {
      const PfObjection *objection = objections->pdata[i];

      if (!g_str_equal (objection->code, code))
        continue;
      g_assert_true (pf_objection_code_exists (code));
      g_assert_cmpint (objection->severity, ==, PF_SEVERITY_SOFT);
      g_test_message ("%s", objection->message);
      *found = objection;
      n++;
    }
  return n;
}

/* The same words as in the list of controllers; and those of what goes along. */
static void
test_risky_reset (void)
{
  g_autoptr (PfTestBoard) made_up = make_board (0x102215b8, 0x0c0330);
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  g_autofree char *shown = pf_controller_describe_warning (pf_board_find_controller (board, CARD));
  g_autoptr (GPtrArray) objections = compute (made_up, board);
  const PfObjection *risk = NULL;

  g_assert_cmpuint (count (objections, "risky-reset", &risk), ==, 1);
  g_assert_true (g_str_has_prefix (risk->message, shown));
  g_assert_nonnull (strstr (risk->message, CARD));
  g_assert_cmpstr (risk->address, ==, CARD);
}

static void
test_risk_of_members (void)
{
  g_autoptr (PfTestBoard) made_up = make_board (0x1022149c, 0x0c0330);
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GPtrArray) objections = NULL;
  g_autofree char *shown = NULL;
  const PfObjection *risk = NULL;

  pf_test_board_add (made_up, TWIN, 0x1022149c, 0x0c0330, "Twin", "xhci_hcd", 20);
  pf_test_board_add (made_up, "0000:05:00.4", 0x10221487, 0x040300, "Sound", "snd_hda_intel", 20);
  board = pf_test_board_read (made_up);
  objections = compute (made_up, board);
  g_assert_cmpuint (count (objections, "risky-reset", &risk), ==, 2);
  g_assert_nonnull (strstr (risk->message, "audio controller"));
  g_assert_cmpstr (risk->address, ==, "0000:05:00.4");
  shown = pf_controller_describe_warning (pf_board_find_controller (board, CARD));
  g_assert_nonnull (strstr (shown, "Matisse USB 3.0"));
  g_assert_nonnull (strstr (shown, "audio controller"));
}

/* A chip that is merely slow is shown, and nothing objects to it. */
static void
test_slow_is_no_risk (void)
{
  static const guint32 slow[] = { 0x102215e0, 0x102215e1, 0x1022145c };

  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    {
      g_autoptr (PfTestBoard) made_up = make_board (slow[i], 0x0c0330);
      g_autoptr (PfBoard) board = pf_test_board_read (made_up);
      g_autofree char *shown = pf_controller_describe_warning (pf_board_find_controller (board, CARD));
      g_autoptr (GPtrArray) objections = compute (made_up, board);

      g_assert_nonnull (strstr (shown, "slow"));
      g_assert_null (strstr (shown, "IOMMU group"));
      g_assert_cmpuint (objections->len, ==, 0);
    }
}

static void
test_shared_group (void)
{
  g_autoptr (PfTestBoard) made_up = make_board (0x1022145c, 0x0c0330);
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *shown = NULL;

  pf_test_board_add (made_up, "0000:05:00.2", 0x10221456, 0x108000, "Security processor", "ccp", 20);
  board = pf_test_board_read (made_up);
  shown = pf_controller_describe_warning (pf_board_find_controller (board, CARD));
  g_assert_nonnull (strstr (shown, "slow"));
  g_assert_nonnull (strstr (shown, "IOMMU group"));
}

/* What is not known contradicts nothing. */
static void
test_conditions (void)
{
  char *flr[] = { (char *) "flr", (char *) "bus", NULL }, *pm[] = { (char *) "pm", NULL },
       *old[] = { (char *) "reset", NULL };
  const struct
  {
    PfResetQuirk quirk;
    PfResetFacts facts;
    gboolean holds;
  } cases[] = {
    { { .is_risk = TRUE }, { 0 }, TRUE },
    { { .kernel_before = PF_KERNEL_VERSION (5, 8) }, { 0 }, TRUE },
    { { .kernel_before = PF_KERNEL_VERSION (5, 8) }, { .kernel_version = PF_KERNEL_VERSION (5, 7) }, TRUE },
    { { .kernel_before = PF_KERNEL_VERSION (5, 8) }, { .kernel_version = PF_KERNEL_VERSION (5, 8) }, FALSE },
    { { .kernel_before = PF_KERNEL_VERSION (5, 8) }, { .kernel_version = PF_KERNEL_VERSION (5, 10) }, FALSE },
    { { .kernel_before = PF_KERNEL_VERSION (5, 8) }, { .kernel_version = PF_KERNEL_VERSION (6, 1) }, FALSE },
    { { .method = flr[0] }, { .methods = flr }, TRUE },
    { { .method = flr[0] }, { .methods = pm }, FALSE },
    { { .method = flr[0] }, { .methods = old }, TRUE },
    { { .method = flr[0] }, { .methods = NULL }, FALSE },
    { { .shared_group = TRUE }, { 0 }, TRUE },
    { { .shared_group = TRUE }, { .group_is_known = TRUE }, FALSE },
    { { .shared_group = TRUE }, { .group_is_known = TRUE, .others_go_along = TRUE }, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %u", i);
      g_assert_cmpint (pf_reset_quirk_holds (&cases[i].quirk, &cases[i].facts), ==, cases[i].holds);
    }
}

static void
test_kernel_version (void)
{
  static const char *const wrong[]
      = { "", "6", "6.", ".1", "six.one", "6.x", "-6.1", "99999.1", "6.99999", " 6.1" };
  guint version = 0;

  g_assert_true (pf_kernel_version_parse ("6.1.0-28-amd64", &version));
  g_assert_cmpuint (version, ==, PF_KERNEL_VERSION (6, 1));
  g_assert_true (pf_kernel_version_parse ("5.10", &version));
  g_assert_cmpuint (version, >, PF_KERNEL_VERSION (5, 8));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (pf_kernel_version_parse (wrong[i], &version));
}

static void
test_keys (void)
{
  static const struct
  {
    const char *text;
    const char *message; /* NULL: it is right */
  } cases[] = {
    { "text=x\n", NULL },
    { "text=x\nseverity=note\nkernel_before=5.8\nmethod=flr\nshared_group=true\n", NULL },
    { "severity=risk\n", "text" },
    { "text=x\nseverity=hard\n", "severity" },
    { "text=x\nkernel_before=new\n", "kernel_before" },
    { "text=x\nmethod=hammer\n", "method" },
    { "text=x\nshared_group=perhaps\n", "shared_group" },
    { "text=x\ncolour=red\n", "colour" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfChipsetTable) table = pf_chipset_table_new ();
      g_autofree char *data = g_strconcat ("[reset-quirk 8086:0009 name]\n", cases[i].text, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (pf_chipset_table_add (table, data, strlen (data), &error), ==,
                       cases[i].message == NULL);
      if (cases[i].message != NULL)
        g_assert_nonnull (strstr (error->message, cases[i].message));
    }
}

/* One question for all of them. */
static void
test_no_reset_once (void)
{
  g_autoptr (PfTestBoard) made_up = make_board (0x10220001, 0x0c0330);
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GPtrArray) objections = NULL;
  const PfObjection *found = NULL;

  pf_test_board_add (made_up, TWIN, 0x10220002, 0x0c0330, "Twin", "xhci_hcd", 20)->no_reset = TRUE;
  pf_test_board_add (made_up, "0000:05:00.2", 0x10220003, 0x0c0320, "Third", "ehci-pci", 20)->no_reset = TRUE;
  pf_test_board_get (made_up, CARD)->no_reset = TRUE;
  board = pf_test_board_read (made_up);
  objections = compute (made_up, board);
  g_assert_cmpuint (count (objections, "no-reset", &found), ==, 1);
  g_assert_true (
      g_str_has_prefix (found->message, "Card (" CARD "), Twin (" TWIN ") and Third (0000:05:00.2) cannot"));
}

/* Named, or taken along with an xHCI: once. */
static void
test_host_router (void)
{
  static const guint32 classes[] = { 0x0c0340, 0x0c0330 };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autoptr (PfTestBoard) made_up = make_board (0x80869a1b, classes[i]);
      g_autoptr (PfBoard) board = NULL;
      g_autoptr (GPtrArray) objections = NULL;
      g_autofree char *shown = NULL;
      const PfObjection *found = NULL;
      const char *address = i == 0 ? CARD : TWIN;

      pf_test_board_add (made_up, TWIN, 0x80869a13, classes[1 - i], "Twin", NULL, 20);
      board = pf_test_board_read (made_up);
      objections = compute (made_up, board);
      g_assert_cmpuint (count (objections, "usb4-tunnels", &found), ==, 1);
      g_assert_cmpstr (found->address, ==, address);
      shown = pf_controller_describe_warning (pf_board_find_controller (board, address));
      g_assert_nonnull (strstr (found->message, shown));
    }
}

/* A controller that can be unplugged is away, or another one is there: not another machine. */
static void
test_unplugged (void)
{
  g_autoptr (PfTestBoard) with = make_board (0x808615d4, 0x0c0330);
  g_autoptr (PfTestBoard) without = pf_test_board_new (PF_CPU_VENDOR_INTEL);
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (with, "dock", CARD, "");
  g_autoptr (PfBoard) board = pf_test_board_read (without);
  g_autoptr (PfProfile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) mismatch = NULL;
  g_autofree char *text = NULL;
  PfDeviceKey *key = profile->controllers->pdata[0];

  g_assert_null (pf_device_key_resolve (key, profile, board, &mismatch));
  g_assert_error (mismatch, PF_ERROR, PF_ERROR_BOARD_MISMATCH);
  key->removable = TRUE;
  text = pf_profile_serialize (profile, NULL);
  again = pf_profile_parse ("dock", text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_null (pf_device_key_resolve (again->controllers->pdata[0], again, board, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NOT_PLUGGED_IN);
  g_assert_nonnull (strstr (error->message, "8086:15d4"));
  g_assert_nonnull (strstr (error->message, CARD));
}

/* It has no ports, and is no controller of the board. A profile that names it gets an error that says so. */
static void
test_device_controller (void)
{
  g_autoptr (PfTestBoard) made_up = make_board (0x10220001, 0x0c0330);
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (PfProfile) profile = pf_profile_new ("test");
  g_autoptr (GError) error = NULL;
  const char *const addresses[] = { TWIN, NULL };

  pf_test_board_add (made_up, TWIN, 0x1022162c, 0x0c03fe, "Device controller", "dwc3-pci", 20);
  board = pf_test_board_read (made_up);
  g_assert_null (pf_board_find_controller (board, TWIN));
  g_assert_false (pf_profile_set_controllers (profile, board, addresses, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NOT_USB_CONTROLLER);
  g_assert_nonnull (strstr (error->message, "device controller"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/objections/risky-reset", test_risky_reset);
  g_test_add_func ("/model/objections/risk-of-members", test_risk_of_members);
  g_test_add_func ("/model/objections/slow-is-no-risk", test_slow_is_no_risk);
  g_test_add_func ("/model/objections/no-reset-once", test_no_reset_once);
  g_test_add_func ("/model/objections/host-router", test_host_router);
  g_test_add_func ("/model/reset-quirk/shared-group", test_shared_group);
  g_test_add_func ("/model/reset-quirk/conditions", test_conditions);
  g_test_add_func ("/model/reset-quirk/kernel-version", test_kernel_version);
  g_test_add_func ("/model/reset-quirk/keys", test_keys);
  g_test_add_func ("/model/profile/unplugged", test_unplugged);
  g_test_add_func ("/model/profile/device-controller", test_device_controller);
  return g_test_run ();
}
