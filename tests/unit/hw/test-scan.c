/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "pf-error.h"
#include "pf-test-tree.h"

#define ROOT "pci0000:00"

static const PfTestFunction host_bridge
    = { ROOT "/0000:00:00.0", { 0x8086, 0x0c00, 0, 0 }, 0x060000, NULL, 0, 0 };
static const PfTestFunction xhci
    = { ROOT "/0000:00:14.0", { 0x8086, 0x8cb1, 0x1849, 0x8cb1 }, 0x0c0330, "xhci_hcd", 4, 0 };
static const PfTestFunction ehci1
    = { ROOT "/0000:00:1d.0", { 0x8086, 0x8ca6, 0x1849, 0x8ca6 }, 0x0c0320, "ehci-pci", 7, 0 };
static const PfTestFunction ehci2
    = { ROOT "/0000:00:1a.0", { 0x8086, 0x8cad, 0x1849, 0x8cad }, 0x0c0320, "vfio-pci", 6, 0 };
static const guint32 registers[4] = { 0x00003fff, 0x00007fff, 0x3f, 0x3f };

/* The interesting part of a 9 series board. */
static PfTestTree *
make_z97 (void)
{
  PfTestTree *tree = pf_test_tree_new ();

  pf_test_tree_add_function (tree, &host_bridge);
  pf_test_tree_add_function (tree, &xhci);
  pf_test_tree_add_function (tree, &ehci1);
  pf_test_tree_add_function (tree, &ehci2);
  pf_test_tree_set_registers (tree, &xhci, registers);
  pf_test_tree_write (tree, "proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n");
  return tree;
}

static void
test_function (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;
  const PfFunction *function;

  pf_test_tree_set (tree, &ehci2, "driver_override", "vfio-pci\n");
  pf_test_tree_set (tree, &ehci2, "reset_method", "af_flr pm\n");
  board = pf_test_tree_scan (tree);
  function = pf_board_find_function (board, "0000:00:1a.0");
  g_assert_nonnull (function);
  g_assert_true (function->is_pci);
  g_assert_cmpstr (function->path, ==, "pci0000:00/1a.0");
  g_assert_cmphex (function->vendor, ==, 0x8086);
  g_assert_cmphex (function->device, ==, 0x8cad);
  g_assert_cmphex (function->subsystem_vendor, ==, 0x1849);
  g_assert_cmphex (function->subsystem_device, ==, 0x8cad);
  g_assert_cmphex (function->class_code, ==, 0x0c0320);
  g_assert_cmpstr (function->driver, ==, "vfio-pci");
  g_assert_cmpstr (function->driver_override, ==, "vfio-pci");
  g_assert_cmpint (function->iommu_group, ==, 6);
  g_assert_cmpstrv (function->reset_methods, ((const char *const[]){ "af_flr", "pm", NULL }));
  g_assert_nonnull (strstr (function->name, "EHCI"));
  g_assert_false (function->dead);
}

static void
test_board (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;
  const PfController *controller;

  pf_test_tree_make_directory (tree, "sys/bus/pci/drivers/vfio-pci");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->controllers->len, ==, 3);
  g_assert_cmpuint (board->functions->len, ==, 3);
  g_assert_cmpuint (board->others->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (board->others, 0), ==, "0000:00:00.0");
  g_assert_cmpint (board->cpu_vendor, ==, PF_CPU_VENDOR_INTEL);
  g_assert_true (board->has_iommu);
  g_assert_true (board->has_vfio);
  g_assert_true (pf_loans_are_empty (board->loans));
  controller = pf_board_find_controller (board, "0000:00:14.0");
  g_assert_cmpint (controller->kind, ==, PF_CONTROLLER_KIND_XHCI);
  g_assert_cmpint (controller->group->id, ==, 4);
  g_assert_cmpuint (controller->group->members->len, ==, 1);
}

static void
test_every_kind (void)
{
  static const struct
  {
    PfTestFunction function;
    PfControllerKind kind;
  } cases[] = {
    { { ROOT "/0000:00:01.0", { 0x8086, 1, 0, 0 }, 0x0c0300, NULL, -1, 0 }, PF_CONTROLLER_KIND_UHCI },
    { { ROOT "/0000:00:02.0", { 0x8086, 2, 0, 0 }, 0x0c0310, NULL, -1, 0 }, PF_CONTROLLER_KIND_OHCI },
    { { ROOT "/0000:00:03.0", { 0x8086, 3, 0, 0 }, 0x0c0320, NULL, -1, 0 }, PF_CONTROLLER_KIND_EHCI },
    { { ROOT "/0000:00:04.0", { 0x8086, 4, 0, 0 }, 0x0c0330, NULL, -1, 0 }, PF_CONTROLLER_KIND_XHCI },
    { { ROOT "/0000:00:05.0", { 0x8086, 5, 0, 0 }, 0x0c0340, NULL, -1, 0 }, PF_CONTROLLER_KIND_USB4 },
    { { ROOT "/0000:00:06.0", { 0x8086, 6, 0, 0 }, 0x0c0380, NULL, -1, 0 }, PF_CONTROLLER_KIND_OTHER },
  };
  /* The other end of a cable: no host controller. */
  static const PfTestFunction device = { ROOT "/0000:00:08.0", { 0x8086, 8, 0, 0 }, 0x0c03fe, NULL, -1, 0 };
  static const PfTestFunction smbus = { ROOT "/0000:00:07.0", { 0x8086, 7, 0, 0 }, 0x0c0500, NULL, -1, 0 };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfBoard) board = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    pf_test_tree_add_function (tree, &cases[i].function);
  pf_test_tree_add_function (tree, &smbus);
  pf_test_tree_add_function (tree, &device);
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->controllers->len, ==, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PfController *controller = g_ptr_array_index (board->controllers, i);

      g_assert_cmpint (controller->kind, ==, cases[i].kind);
      g_assert_null (controller->group);
      g_assert_null (controller->function->driver);
    }
  g_assert_false (board->has_iommu);
  g_assert_false (board->has_vfio);
}

static void
test_shared_group (void)
{
  static const PfTestFunction members[] = {
    { ROOT "/0000:00:01.2/0000:21:00.0", { 0x1022, 0x149c, 0x1462, 1 }, 0x0c0330, "xhci_hcd", 14, 0x80 },
    { ROOT "/0000:00:01.2/0000:21:00.4", { 0x1022, 0x1487, 0x1462, 1 }, 0x040300, "snd_hda_intel", 14, 0x80 },
    { ROOT "/0000:00:01.2", { 0x1022, 0x1483, 0, 0 }, 0x060400, "pcieport", 14, 0x81 },
    { ROOT "/0000:00:01.0", { 0x1022, 0x1482, 0, 0 }, 0x060000, NULL, 14, 0x80 },
  };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfBoard) board = NULL;
  const PfGroup *group;
  const PfFunction *member;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    pf_test_tree_add_function (tree, &members[i]);
  pf_test_tree_link (tree, "sys/kernel/iommu_groups/14/devices/AMDI0030:00",
                     "../../../../devices/platform/AMDI0030:00");
  pf_test_tree_link (tree, "sys/devices/platform/AMDI0030:00/driver",
                     "../../../bus/platform/drivers/amd_gpio");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->controllers->len, ==, 1);
  group = pf_board_find_group (board, 14);
  g_assert_cmpuint (group->members->len, ==, 5);
  g_assert_false (pf_function_is_bridge (pf_board_find_function (board, "0000:21:00.4")));
  member = pf_board_find_function (board, "0000:00:01.2");
  g_assert_cmpuint (member->header_type, ==, 1);
  g_assert_true (pf_function_is_bridge (member));
  g_assert_true (pf_function_is_bridge (pf_board_find_function (board, "0000:00:01.0")));
  member = pf_board_find_function (board, "AMDI0030:00");
  g_assert_false (member->is_pci);
  g_assert_cmpstr (member->driver, ==, "amd_gpio");
  g_assert_cmpint (board->cpu_vendor, ==, PF_CPU_VENDOR_UNKNOWN);
  g_assert_cmpuint (board->others->len, ==, 0);
}

static void
test_path (void)
{
  static const struct
  {
    PfTestFunction function;
    const char *address;
    const char *path;
  } cases[] = {
    { { ROOT "/0000:00:1c.4/0000:03:00.0", { 0x1912, 0x14, 0, 0 }, 0x0c0330, NULL, -1, 0 },
      "0000:03:00.0",
      "pci0000:00/1c.4/00.0" },
    { { ROOT "/0000:00:0e.0/pci10000:e0/10000:e0:1d.0/10000:e1:00.0",
        { 0x1912, 0x14, 0, 0 },
        0x0c0330,
        NULL,
        -1,
        0 },
      "10000:e1:00.0",
      "pci0000:00/0e.0/pci10000:e0/1d.0/00.0" },
    { { "platform/soc/40000000.pcie/pci0001:00/0001:00:00.0/0001:01:00.3",
        { 0x1912, 0x14, 0, 0 },
        0x0c0330,
        NULL,
        -1,
        0 },
      "0001:01:00.3",
      "pci0001:00/00.0/00.3" },
  };
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfBoard) board = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    pf_test_tree_add_function (tree, &cases[i].function);
  board = pf_test_tree_scan (tree);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const PfFunction *function = pf_board_find_function (board, cases[i].address);

      g_assert_nonnull (function);
      g_assert_cmpstr (function->path, ==, cases[i].path);
    }
}

static void
test_override_and_reset (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_tree_set (tree, &xhci, "driver_override", "\n");
  pf_test_tree_set (tree, &ehci1, "driver_override", "(null)\n");
  pf_test_tree_remove (tree, "sys/devices/" ROOT "/0000:00:1a.0/driver_override");
  pf_test_tree_set (tree, &ehci1, "reset", "");
  pf_test_tree_set (tree, &ehci2, "reset_method", "\n");
  board = pf_test_tree_scan (tree);
  for (guint i = 0; i < board->functions->len; i++)
    g_assert_cmpstr (((PfFunction *) g_ptr_array_index (board->functions, i))->driver_override, ==, NULL);
  g_assert_null (pf_board_find_function (board, "0000:00:14.0")->reset_methods);
  g_assert_cmpstrv (pf_board_find_function (board, "0000:00:1d.0")->reset_methods,
                    ((const char *const[]){ "reset", NULL }));
  g_assert_null (pf_board_find_function (board, "0000:00:1a.0")->reset_methods);
}

static void
test_router (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = pf_test_tree_scan (tree);
  const PfRouter *router = pf_board_find_router (board, "0000:00:14.0");

  g_assert_nonnull (router);
  g_assert_cmphex (router->value, ==, 0x3fff);
  g_assert_cmphex (router->firmware_mask, ==, 0x7fff);
  g_assert_cmphex (router->super_speed_value, ==, 0x3f);
  g_assert_cmphex (router->mask, ==, 0x3fff);
  g_assert_cmpuint (router->ports->len, ==, 14);
}

/* @length: how much of the config space the kernel shows; -1 for none */
static void
check_routing_problem (int length, const char *words)
{
  static const guint8 bytes[256] = { 0x86, 0x80, 0xb1, 0x8c };
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;
  const PfController *controller;

  if (length >= 0)
    pf_test_tree_write_bytes (tree, "sys/devices/" ROOT "/0000:00:14.0/config", bytes, (gsize) length);
  else
    pf_test_tree_remove (tree, "sys/devices/" ROOT "/0000:00:14.0/config");
  board = pf_test_tree_scan (tree);
  controller = pf_board_find_controller (board, "0000:00:14.0");
  g_assert_null (controller->router);
  g_assert_cmpuint (board->routers->len, ==, 0);
  g_assert_nonnull (strstr (controller->routing_problem, words));
  g_assert_false (controller->function->dead);
}

static void
test_short_config (void)
{
  check_routing_problem (64, "CAP_SYS_ADMIN");
  check_routing_problem (0xd4, "CAP_SYS_ADMIN");
  check_routing_problem (0, "CAP_SYS_ADMIN");
  check_routing_problem (-1, "cannot be read");
}

static void
test_dead (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *ones = g_strnfill (256, '\xff');
  const PfController *controller;

  pf_test_tree_write_bytes (tree, "sys/devices/" ROOT "/0000:00:14.0/config", ones, 256);
  board = pf_test_tree_scan (tree);
  controller = pf_board_find_controller (board, "0000:00:14.0");
  g_assert_true (controller->function->dead);
  g_assert_cmpuint (controller->function->header_type, ==, 0);
  g_assert_null (controller->router);
  g_assert_nonnull (strstr (controller->routing_problem, "does not answer"));
}

static void
test_group_node (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *path = pf_test_tree_path (tree, "dev/vfio/6");
  const PfGroup *group;

  pf_test_tree_write (tree, "dev/vfio/6", "");
  g_assert_no_errno (chmod (path, 0640));
  board = pf_test_tree_scan (tree);
  group = pf_board_find_group (board, 6);
  g_assert_true (group->has_node);
  g_assert_cmpuint (group->node_mode, ==, 0640);
  g_assert_cmpuint (group->node_uid, ==, geteuid ());
  g_assert_false (group->held);
  g_assert_null (group->holder);
  g_assert_false (pf_board_find_group (board, 7)->has_node);
}

static void
test_loans (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfTree) opened = pf_test_tree_open (tree);
  g_autoptr (PfLoans) loans = pf_loans_new ();
  g_autoptr (PfBoard) board = NULL;

  pf_loan_add_member (pf_loans_add (loans, 6), "0000:00:1a.0", "ehci-pci", NULL);
  board = pf_scan (opened, tree->chipsets, tree->names, loans, NULL);
  g_assert_true (board->loans != loans);
  g_assert_nonnull (pf_loans_find_by_member (board->loans, "0000:00:1a.0"));
}

static void
test_cpu_vendor (void)
{
  static const struct
  {
    const char *cpuinfo;
    PfCpuVendor vendor;
  } cases[] = {
    { "processor\t: 0\nvendor_id\t: AuthenticAMD\n", PF_CPU_VENDOR_AMD },
    { "processor\t: 0\nvendor_id\t: HygonGenuine\n", PF_CPU_VENDOR_AMD },
    { "processor\t: 0\nvendor_id\t: GenuineIntel\n", PF_CPU_VENDOR_INTEL },
    { "processor\t: 0\nBogoMIPS\t: 48.00\n", PF_CPU_VENDOR_INTEL /* by the host bridge */ },
  };
  g_autoptr (PfTestTree) tree = make_z97 ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfBoard) board = NULL;

      pf_test_tree_write (tree, "proc/cpuinfo", cases[i].cpuinfo);
      board = pf_test_tree_scan (tree);
      g_assert_cmpint (board->cpu_vendor, ==, cases[i].vendor);
    }
}

static void
test_iommu_facts (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) blind = pf_test_tree_scan (tree);
  g_autoptr (PfBoard) without = NULL;
  g_autoptr (PfBoard) with = NULL;

  g_assert_cmpint (blind->iommu_table, ==, PF_IOMMU_TABLE_UNKNOWN);
  pf_test_tree_write (tree, "sys/firmware/acpi/tables/DSDT", "");
  pf_test_tree_write (tree, "proc/cmdline", "quiet intel_iommu=on\n");
  pf_test_tree_write (tree, "proc/cpuinfo", "processor\t: 0\nvendor_id\t:   Shanghai  \n");
  without = pf_test_tree_scan (tree);
  g_assert_cmpint (without->iommu_table, ==, PF_IOMMU_TABLE_ABSENT);
  g_assert_cmpstr (without->kernel_parameters, ==, "quiet intel_iommu=on");
  g_assert_cmpint (without->cpu_vendor, ==, PF_CPU_VENDOR_INTEL);
  pf_test_tree_write (tree, "sys/firmware/acpi/tables/IVRS", "");
  with = pf_test_tree_scan (tree);
  g_assert_cmpint (with->iommu_table, ==, PF_IOMMU_TABLE_PRESENT);
}

static void
test_thousand_functions (void)
{
  g_autoptr (PfTestTree) tree = make_z97 ();
  g_autoptr (PfBoard) board = NULL;
  gint64 start;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *address = g_strdup_printf ("0000:%02x:%02x.%u", 16 + i / 200, i % 200 / 8, i % 8);
      g_autofree char *attribute = g_strdup_printf ("sys/devices/" ROOT "/0000:00:1c.0/%s/class", address);
      g_autofree char *link = g_strdup_printf ("sys/bus/pci/devices/%s", address);
      g_autofree char *target = g_strdup_printf ("../../../devices/" ROOT "/0000:00:1c.0/%s", address);

      pf_test_tree_write (tree, attribute, "0x020000\n");
      pf_test_tree_link (tree, link, target);
    }
  start = g_get_monotonic_time ();
  board = pf_test_tree_scan (tree);
  g_test_message ("a scan of 1,004 functions: %" G_GINT64_FORMAT " ms",
                  (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (board->controllers->len, ==, 3);
  g_assert_cmpuint (board->others->len, ==, 1001);
  g_assert_cmpstr (g_ptr_array_index (board->others, 1000), ==, "0000:14:18.7");
}

static void
test_no_pci (void)
{
  g_autoptr (PfTestTree) tree = pf_test_tree_new ();
  g_autoptr (PfTree) opened = NULL;
  g_autoptr (GError) error = NULL;

  pf_test_tree_remove (tree, "sys/bus/pci");
  opened = pf_test_tree_open (tree);
  g_assert_null (pf_scan (opened, tree->chipsets, tree->names, NULL, &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
  g_assert_nonnull (strstr (error->message, "PCI bus"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan/function", test_function);
  g_test_add_func ("/scan/board", test_board);
  g_test_add_func ("/scan/every-kind", test_every_kind);
  g_test_add_func ("/scan/shared-group", test_shared_group);
  g_test_add_func ("/scan/path", test_path);
  g_test_add_func ("/scan/override-and-reset", test_override_and_reset);
  g_test_add_func ("/scan/router", test_router);
  g_test_add_func ("/scan/short-config", test_short_config);
  g_test_add_func ("/scan/dead", test_dead);
  g_test_add_func ("/scan/group-node", test_group_node);
  g_test_add_func ("/scan/loans", test_loans);
  g_test_add_func ("/scan/cpu-vendor", test_cpu_vendor);
  g_test_add_func ("/scan/iommu-facts", test_iommu_facts);
  g_test_add_func ("/scan/thousand-functions", test_thousand_functions);
  g_test_add_func ("/scan/no-pci", test_no_pci);
  return g_test_run ();
}
