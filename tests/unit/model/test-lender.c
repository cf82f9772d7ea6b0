/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who lent what is on vfio-pci without a record of ours, and how it is given back. */

#include <string.h>

#include "pf-lender.h"

#define ADDRESS "0000:02:00.0"

typedef struct
{
  const char *cmdline;
  const char *options;
  const char *module;
  const char *driverctl;
  const char *override;
  guint lenders;
  const char *code;
  const char *who;    /* a part of the words */
  const char *advice; /* a part of the words */
} Case;

static PfLenderDevice
make_device (const char *override)
{
  return (PfLenderDevice){
    .address = ADDRESS,
    .driver = "vfio-pci",
    .driver_override = override,
    .vendor = 0x1b21,
    .device = 0x1142,
    .subsystem_vendor = 0x1043,
    .subsystem_device = 0x85bf,
    .class_code = 0x0c0330,
  };
}

static PfLenderFacts *
make_facts (const Case *item)
{
  PfLenderFacts *facts = pf_lender_facts_new ();

  facts->cmdline = g_strdup (item->cmdline);
  facts->module_ids = g_strdup (item->module);
  if (item->options != NULL)
    pf_lender_facts_add_options (facts, "/etc/modprobe.d/vfio.conf", item->options);
  if (item->driverctl != NULL)
    pf_lender_facts_add_driverctl (facts, ADDRESS, item->driverctl);
  return facts;
}

static void
check_case (const Case *item)
{
  g_autoptr (PfLenderFacts) facts = make_facts (item);
  PfLenderDevice device = make_device (item->override);
  guint lenders = pf_lender_find (facts, &device);
  g_autofree char *who = pf_lender_describe (facts, &device);
  g_autofree char *advice = pf_lender_advise (facts, &device, FALSE, NULL);

  g_test_message ("lent by %s. %s", who, advice);
  g_assert_cmphex (lenders, ==, item->lenders);
  g_assert_cmpstr (pf_lender_get_code (lenders), ==, item->code);
  g_assert_nonnull (strstr (who, item->who));
  g_assert_nonnull (strstr (advice, item->advice));
  g_assert_nonnull (strstr (advice, "portferryctl take-home " ADDRESS));
}

#define IDS "1b21:1142"
#define BOOT "root=/dev/sda1 vfio-pci.ids=8086:a12f," IDS " quiet"

static void
test_causes (void)
{
  static const Case cases[] = {
    { .lenders = 0, .code = "script", .who = "a script", .advice = "Now:" },
    { .cmdline = BOOT, .lenders = PF_LENDER_COMMAND_LINE, .code = "command-line", .who = "vfio-pci.ids=8086:a12f," IDS,
      .advice = "take vfio-pci.ids=8086:a12f," IDS " off the kernel's command line" },
    { .cmdline = "vfio_pci.ids=" IDS, .lenders = PF_LENDER_COMMAND_LINE, .code = "command-line", .who = "vfio_pci.ids",
      .advice = "take vfio_pci.ids=" },
    { .cmdline = "\"vfio-pci.ids=" IDS "\"", .lenders = PF_LENDER_COMMAND_LINE, .code = "command-line",
      .who = "command line", .advice = "take vfio-pci.ids=" },
    { .cmdline = "vfio-pci.ids=8086:a12f xvfio-pci.ids=" IDS, .code = "script", .who = "a script", .advice = "Now:" },
    { .options = "options vfio-pci ids=" IDS "\n", .lenders = PF_LENDER_MODPROBE, .code = "modprobe",
      .who = "/etc/modprobe.d/vfio.conf", .advice = "run update-initramfs -u" },
    { .options = "options\tvfio_pci disable_vga=1 \\\n ids=8086:a12f," IDS, .lenders = PF_LENDER_MODPROBE,
      .code = "modprobe", .who = "ids=8086:a12f," IDS, .advice = "out of /etc/modprobe.d/vfio.conf" },
    { .options = "# options vfio-pci ids=" IDS "\noptions vfio ids=" IDS "\nsoftdep vfio-pci ids=" IDS, .code = "script",
      .who = "a script", .advice = "Now:" },
    { .module = IDS, .lenders = PF_LENDER_MODULE, .code = "module", .who = "the module vfio-pci",
      .advice = "load the module vfio-pci without" },
    { .driverctl = "vfio-pci\n", .override = "vfio-pci", .lenders = PF_LENDER_DRIVERCTL, .code = "driverctl",
      .who = "driverctl", .advice = "driverctl unset-override " ADDRESS },
    { .override = "vfio-pci", .lenders = PF_LENDER_OVERRIDE, .code = "override", .who = "driver_override",
      .advice = "virsh nodedev-reattach pci_0000_02_00_0" },
    /* driverctl's file is from before: whoever unset the override, and lent it again, was somebody else. */
    { .driverctl = "vfio-pci", .code = "script", .who = "a script", .advice = "Now:" },
    { .driverctl = "xhci_hcd", .override = "vfio-pci", .lenders = PF_LENDER_OVERRIDE, .code = "override",
      .who = "driver_override", .advice = "virsh" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i]);
}

/* Where more than one lends it, each is named, and each has to be ended. */
static void
test_together (void)
{
  static const Case cases[] = {
    { .cmdline = BOOT, .module = IDS, .lenders = PF_LENDER_COMMAND_LINE, .code = "command-line", .who = "command line",
      .advice = "command line" },
    { .cmdline = BOOT, .options = "options vfio-pci ids=" IDS, .module = IDS, .override = "vfio-pci",
      .driverctl = "vfio-pci", .lenders = PF_LENDER_COMMAND_LINE | PF_LENDER_MODPROBE | PF_LENDER_DRIVERCTL,
      .code = "command-line", .who = "and /etc/modprobe.d/vfio.conf (options vfio-pci ids=" IDS ") and driverctl",
      .advice = "update-initramfs -u, and restart the computer. For good: driverctl unset-override" },
    { .options = "options vfio-pci ids=" IDS, .override = "vfio-pci",
      .lenders = PF_LENDER_MODPROBE | PF_LENDER_OVERRIDE, .code = "modprobe", .who = "and a driver_override",
      .advice = "update-initramfs" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i]);
}

/* The rules of pci_match_one_device(). */
static void
test_ids (void)
{
  static const struct
  {
    const char *ids;
    gboolean match;
  } cases[] = {
    { "1b21:1142", TRUE },
    { "0x1b21:0X1142", TRUE },
    { "1B21:1142", TRUE },
    { "8086:1142,1b21:1143", FALSE },
    { "1b21:1142:1043", TRUE },
    { "1b21:1142:1043:85bf", TRUE },
    { "1b21:1142:1043:0001", FALSE },
    { "1b21:ffffffff", TRUE },
    { "ffffffff:ffffffff:ffffffff:ffffffff:0c0330:ffffff", TRUE },
    { "ffffffff:ffffffff:ffffffff:ffffffff:0c0320:ffffff", FALSE },
    { "ffffffff:ffffffff:ffffffff:ffffffff:0c0320:ffff00", TRUE },
    { "1b21:1142::", TRUE },
    { "1b21", FALSE },
    { "1b21:", FALSE },
    { ":1142", FALSE },
    { "", FALSE },
    { ",,,", FALSE },
    { "1b21:1142:1:2:3:4:5:6", FALSE },
    { "1b21:1142x", FALSE },
    { "111111111b21:1142", FALSE },
  };
  PfLenderDevice device = make_device (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].ids);
      g_assert_cmpint (pf_lender_ids_match (cases[i].ids, &device), ==, cases[i].match);
    }
  g_assert_false (pf_lender_ids_match (NULL, &device));
}

/* A variant has no ids; an override that names it does count. */
static void
test_variant (void)
{
  g_autoptr (PfLenderFacts) facts = make_facts (&(Case){ .cmdline = BOOT });
  PfLenderDevice device = make_device (NULL);

  device.driver = "mlx5_vfio_pci";
  g_assert_cmphex (pf_lender_find (facts, &device), ==, 0);
  device.driver_override = "mlx5_vfio_pci";
  g_assert_cmphex (pf_lender_find (facts, &device), ==, PF_LENDER_OVERRIDE);
}

/* While a process has it open, nothing but the end of that process gives it back. */
static void
test_held (void)
{
  g_autoptr (PfLenderFacts) facts = make_facts (&(Case){ .cmdline = BOOT });
  PfLenderDevice device = make_device ("vfio-pci");
  g_autofree char *advice = pf_lender_advise (facts, &device, TRUE, NULL);

  g_assert_true (g_str_has_prefix (advice, "Shut the virtual machine down"));
  g_assert_nonnull (strstr (advice, "managed='yes'"));
}

/* Where it would be refused it is not offered; and nothing is said twice. */
static void
test_refused (void)
{
  g_autoptr (PfLenderFacts) facts = make_facts (&(Case){ .cmdline = BOOT });
  PfLenderDevice device = make_device (NULL);
  g_autofree char *for_good = pf_lender_advise_for_good (facts, &device);
  g_autofree char *why = g_strconcat ("It would go back. ", for_good, NULL);
  g_autofree char *once = g_strconcat ("Not now: ", why, NULL);
  g_autofree char *both = g_strconcat ("Not now: Because. ", for_good, NULL);
  g_autofree char *first = pf_lender_advise (facts, &device, FALSE, why);
  g_autofree char *second = pf_lender_advise (facts, &device, FALSE, "Because.");

  g_assert_cmpstr (first, ==, once);
  g_assert_cmpstr (second, ==, both);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/lender/causes", test_causes);
  g_test_add_func ("/model/lender/together", test_together);
  g_test_add_func ("/model/lender/ids", test_ids);
  g_test_add_func ("/model/lender/variant", test_variant);
  g_test_add_func ("/model/lender/held", test_held);
  g_test_add_func ("/model/lender/refused", test_refused);
  return g_test_run ();
}
