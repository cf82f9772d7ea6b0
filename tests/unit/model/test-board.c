/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a linked board knows of itself. */

#include <string.h>

#include "pf-error.h"
#include "pf-pci-address.h"
#include "pf-test-plan.h"

#define EHCI1 "0000:00:1d.0"
#define EHCI2 "0000:00:1a.0"
#define XHCI "0000:00:14.0"
#define SHARED "0000:21:00.3"

static void
test_order_and_groups (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_amd ();
  g_autoptr (PfBoard) board = NULL;
  const PfController *controller;

  pf_test_board_add (made_up, "10000:e1:00.0", 0x80869a13, 0x0c0330, "VMD xHCI", "xhci_hcd", 30);
  board = pf_test_board_read (made_up);
  g_assert_cmpuint (board->functions->len, ==, 9);
  for (guint i = 1; i < board->functions->len; i++)
    {
      const PfFunction *before = board->functions->pdata[i - 1], *function = board->functions->pdata[i];

      g_assert_cmpint (pf_pci_address_compare (before->address, function->address), <, 0);
    }
  g_assert_cmpuint (board->controllers->len, ==, 4);
  controller = board->controllers->pdata[3];
  g_assert_cmpstr (controller->function->address, ==, "10000:e1:00.0");
  controller = pf_board_find_controller (board, SHARED);
  g_assert_cmpint (controller->group->id, ==, 16);
  g_assert_cmpuint (controller->group->members->len, ==, 7);
  g_assert_true (pf_board_find_group (board, 16) == controller->group);
  g_assert_null (pf_board_find_group (board, 99));
}

static void
test_kinds (void)
{
  static const struct
  {
    guint32 class_code;
    const char *name;
    gboolean is_usb;
  } kinds[] = {
    { 0x0c0300, "uhci", TRUE },  { 0x0c0310, "ohci", TRUE },  { 0x0c0320, "ehci", TRUE },
    { 0x0c0330, "xhci", TRUE },  { 0x0c0340, "usb4", TRUE },  { 0x0c0380, "other", TRUE },
    { 0x0c03fe, "other", FALSE }, { 0x0c0400, "uhci", FALSE }, { 0x030300, "uhci", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      PfFunction function = { .is_pci = TRUE, .class_code = kinds[i].class_code };

      g_assert_cmpint (pf_function_is_usb_controller (&function), ==, kinds[i].is_usb);
      if (kinds[i].is_usb)
        g_assert_cmpstr (pf_controller_kind_to_string (pf_controller_kind_from_class (kinds[i].class_code)),
                         ==, kinds[i].name);
      function.is_pci = FALSE;
      g_assert_false (pf_function_is_usb_controller (&function));
    }
}

static void
test_bridges (void)
{
  const PfFunction root_port = { .is_pci = TRUE, .class_code = 0x060400, .header_type = 1 };
  const PfFunction host_bridge = { .is_pci = TRUE, .class_code = 0x060000, .header_type = 0 };
  const PfFunction isa_bridge = { .is_pci = TRUE, .class_code = 0x060100, .header_type = 0 };
  const PfFunction odd = { .is_pci = TRUE, .class_code = 0x0c0330, .header_type = 1 };
  const PfFunction xhci = { .is_pci = TRUE, .class_code = 0x0c0330, .header_type = 0 };
  const PfFunction platform = { .is_pci = FALSE, .class_code = 0x060000, .header_type = 1 };

  g_assert_true (pf_function_is_bridge (&root_port));
  g_assert_true (pf_function_is_bridge (&host_bridge));
  g_assert_true (pf_function_is_bridge (&isa_bridge));
  g_assert_true (pf_function_is_bridge (&odd));
  g_assert_false (pf_function_is_bridge (&xhci));
  g_assert_false (pf_function_is_bridge (&platform));
}

static void
test_owners (void)
{
  static const struct
  {
    const char *driver;
    const char *owner;
  } owners[] = {
    { NULL, "nobody" },
    { "pci-stub", "nobody" },
    { "vfio-pci", "guest" },
    { "mlx5_vfio_pci", "guest" },
    { "hisi-vfio-pci", "guest" },
    { "vfio-platform", "guest" },
    { "xhci_hcd", "host" },
    { "ehci-pci", "host" },
    { "my-vfio", "host" },
    { "vfio", "host" },
    { "", "host" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    {
      const PfFunction function = { .driver = (char *) owners[i].driver };

      g_assert_cmpstr (pf_owner_to_string (pf_function_get_owner (&function)), ==, owners[i].owner);
      g_assert_cmpint (pf_function_is_lent (&function), ==, g_str_equal (owners[i].owner, "guest"));
    }
}

static void
assert_group_viable (const PfTestBoard *made_up, const char *controller, const char *blocker)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  const PfController *found = pf_board_find_controller (board, controller);
  const PfFunction *blocking = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pf_group_is_viable (found->group, &blocking), ==, blocker == NULL);
  g_assert_cmpstr (blocking != NULL ? blocking->address : NULL, ==, blocker);
  g_assert_cmpint (pf_controller_can_be_lent (board, found, &error), ==, blocker == NULL);
  if (blocker == NULL)
    return;
  g_assert_error (error, PF_ERROR, PF_ERROR_GROUP_NOT_VIABLE);
  g_assert_nonnull (strstr (error->message, blocker));
  g_assert_nonnull (strstr (error->message, blocking->driver));
  g_assert_nonnull (strstr (error->message, controller));
  g_assert_nonnull (strstr (error->message, "group 16"));
}

/* Which members vfio accepts beside its own: a bridge with a driver that does DMA, and other buses, can
 * block. */
static void
test_viability (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_amd ();
  PfTestFunction *platform;

  assert_group_viable (board, SHARED, NULL);
  pf_test_board_bind (board, "0000:00:07.0", "pci-stub", NULL);
  assert_group_viable (board, SHARED, NULL);
  pf_test_board_bind (board, "0000:00:07.0", "amd64_edac", NULL);
  assert_group_viable (board, SHARED, "0000:00:07.0");
  pf_test_board_bind (board, "0000:00:07.0", NULL, NULL);
  pf_test_board_bind (board, "0000:00:07.1", NULL, NULL);
  assert_group_viable (board, SHARED, NULL);
  platform = pf_test_board_add (board, "AMDI0020.00", 0, 0, "serial port", "dw-apb-uart", 16);
  g_assert_false (platform->is_pci);
  assert_group_viable (board, SHARED, "AMDI0020.00");
  pf_test_board_bind (board, "AMDI0020.00", NULL, NULL);
  assert_group_viable (board, SHARED, NULL);
}

static void
assert_no_iommu (PfTestBoard *made_up, PfCpuVendor vendor, const char *const *words)
{
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GError) error = NULL;

  made_up->cpu_vendor = vendor;
  board = pf_test_board_read (made_up);
  g_assert_false (pf_controller_can_be_lent (board, pf_board_find_controller (board, EHCI2), &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_IOMMU);
  for (guint i = 0; words[i] != NULL; i++)
    g_assert_nonnull (strstr (error->message, words[i]));
}

static void
test_no_iommu_names_the_parameters (void)
{
  g_autoptr (PfTestBoard) board = pf_test_board_new_z97 ();
  static const char *const intel[] = { "VT-d", "intel_iommu=on", "restart", "IOMMU is off", NULL };
  static const char *const amd[] = { "AMD-Vi", "restart", NULL };
  static const char *const either[] = { "VT-d", "AMD-Vi", "restart", NULL };

  pf_test_board_remove_iommu (board);
  assert_no_iommu (board, PF_CPU_VENDOR_INTEL, intel);
  assert_no_iommu (board, PF_CPU_VENDOR_AMD, amd);
  assert_no_iommu (board, PF_CPU_VENDOR_UNKNOWN, either);
}

static void
test_one_without_group (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  static const char *const words[]
      = { "Intel USB EHCI Controller #2 (" EHCI2 ")", "it is in no IOMMU group", NULL };

  pf_test_board_get (made_up, EHCI2)->group = -1;
  assert_no_iommu (made_up, PF_CPU_VENDOR_INTEL, words);
}

static void
test_dead (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GError) error = NULL;

  pf_test_board_get (made_up, EHCI2)->dead = TRUE;
  board = pf_test_board_read (made_up);
  g_assert_false (pf_controller_can_be_lent (board, pf_board_find_controller (board, EHCI2), &error));
  g_assert_error (error, PF_ERROR, PF_ERROR_NO_SUCH_DEVICE);
  g_assert_nonnull (strstr (error->message, EHCI2));
}

static void
assert_not_controller (const PfBoard *board, const char *address, PfError code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pf_board_require_controller (board, address, &error));
  g_assert_error (error, PF_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_require_controller (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_amd ();
  g_autoptr (PfBoard) board = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (made_up->others, g_strdup ("0000:00:1f.0"));
  board = pf_test_board_read (made_up);
  assert_not_controller (board, "0000:05:00.0", PF_ERROR_NO_SUCH_DEVICE, "no device");
  assert_not_controller (board, "0000:00:1f.0", PF_ERROR_NOT_USB_CONTROLLER, "portferryctl");
  assert_not_controller (board, "0000:21:00.6", PF_ERROR_NOT_USB_CONTROLLER, "group 16");
  assert_not_controller (board, "0000:21:00.6", PF_ERROR_NOT_USB_CONTROLLER, "AMD HD Audio");
  g_assert_nonnull (pf_board_require_controller (board, SHARED, &error));
  g_assert_no_error (error);
}

static void
test_router (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  const PfRouter *router = pf_board_find_router (board, XHCI);

  g_assert_cmpuint (board->routers->len, ==, 1);
  g_assert_nonnull (router);
  g_assert_null (pf_board_find_router (board, EHCI1));
  g_assert_null (pf_board_find_router (board, "0000:03:00.0"));
  g_assert_null (pf_board_find_router (board, "0000:99:00.0"));
  g_assert_true (router->ehci[0] == pf_board_find_controller (board, EHCI1));
  g_assert_true (router->ehci[1] == pf_board_find_controller (board, EHCI2));
  g_assert_cmphex (router->value, ==, 0x3fff);
  g_assert_cmphex (router->mask, ==, 0x3fff);
  g_assert_cmphex (router->super_speed_mask, ==, 0x3f);
  g_assert_cmpuint (router->ports->len, ==, 14);
  for (guint bit = 0; bit < 14; bit++)
    {
      static const guint xhci_ports[] = { 1, 2, 3, 4, 9, 10, 13, 14, 5, 6, 7, 8, 11, 12 };
      const PfPort *port = &g_array_index (router->ports, PfPort, bit);

      g_assert_cmpuint (port->bit, ==, bit);
      g_assert_true (port->movable);
      g_assert_cmpuint (port->ehci, ==, bit < 8 ? 1 : 2);
      g_assert_cmpuint (port->ehci_port, ==, bit % 8 + 1);
      g_assert_cmpuint (port->xhci_port, ==, xhci_ports[bit]);
    }
}

static void
assert_no_router (const PfTestBoard *made_up, const char *address, const char *word)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  const PfController *controller = pf_board_find_controller (board, address);

  g_assert_cmpuint (board->routers->len, ==, 0);
  g_assert_null (controller->router);
  if (word == NULL)
    g_assert_null (controller->routing_problem);
  else
    g_assert_nonnull (strstr (controller->routing_problem, word));
}

/* A chip on the list is not enough: it has to be in its place, with its EHCIs, on a machine that Linux routes
 * on. */
static void
test_no_router (void)
{
  g_autoptr (PfTestBoard) laptop = pf_test_board_new_laptop ();
  g_autoptr (PfTestBoard) emulated = pf_test_board_new (PF_CPU_VENDOR_INTEL);
  g_autoptr (PfTestBoard) sony = pf_test_board_new_seven ();
  g_autoptr (PfTestBoard) foreign = pf_test_board_new_z97 ();
  g_autoptr (PfTestBoard) amd = pf_test_board_new_amd ();

  assert_no_router (laptop, XHCI, "absent");
  pf_test_board_add (emulated, "0000:00:0c.0", 0x80861e31, 0x0c0330, "VirtualBox xHCI", "xhci_hcd", 1);
  assert_no_router (emulated, "0000:00:0c.0", "0000:00:14.0");
  pf_test_board_get (sony, XHCI)->subsystem = 0x104d90a8;
  assert_no_router (sony, XHCI, "104d:90a8");
  pf_test_board_get (foreign, EHCI1)->ids = 0x80868c26;
  pf_test_board_get (foreign, EHCI2)->ids = 0x8086293a;
  assert_no_router (foreign, XHCI, "absent");
  assert_no_router (amd, SHARED, NULL);
}

/* A port whose EHCI is not there must not leave the xHCI. */
static void
test_one_ehci_absent (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = NULL;
  const PfRouter *router;

  pf_test_board_get (made_up, EHCI2)->ids = 0x8086293a;
  board = pf_test_board_read (made_up);
  router = board->routers->pdata[0];
  g_assert_null (router->ehci[1]);
  g_assert_cmphex (router->mask, ==, 0x00ff);
  g_assert_cmphex (router->existing, ==, 0x00ff);
}

static void
test_drop_router (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  PfController *controller = pf_board_find_controller (board, XHCI);

  pf_board_drop_router (board, controller->router, "cannot be read");
  g_assert_cmpuint (board->routers->len, ==, 0);
  g_assert_null (controller->router);
  g_assert_cmpstr (controller->routing_problem, ==, "cannot be read");
}

static void
assert_ports (const PfTestBoard *made_up, guint32 existing, guint32 mask)
{
  g_autoptr (PfBoard) board = pf_test_board_read (made_up);
  const PfRouter *router = board->routers->pdata[0];

  g_assert_cmphex (router->existing, ==, existing);
  g_assert_cmphex (router->mask, ==, mask);
}

/* A hub under a lent EHCI is not to be seen; its ports are there all the same, and no others. */
static void
test_ports_do_not_depend_on_owners (void)
{
  g_autoptr (PfTestBoard) small = pf_test_board_new_h81 ();
  g_autoptr (PfTestBoard) locked = pf_test_board_new_z97 ();
  static const char *const states[][2]
      = { { "ehci-pci", "ehci-pci" }, { "vfio-pci", "ehci-pci" }, { "ehci-pci", "vfio-pci" },
          { "vfio-pci", "vfio-pci" }, { NULL, "ehci-pci" },       { NULL, NULL } };

  locked->registers[1] = 0x3f0f;
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      pf_test_board_bind (small, EHCI1, states[i][0], NULL);
      pf_test_board_bind (small, EHCI2, states[i][1], NULL);
      assert_ports (small, 0x0f3f, 0x0f3f);
      pf_test_board_bind (locked, EHCI1, states[i][0], NULL);
      pf_test_board_bind (locked, EHCI2, states[i][1], NULL);
      assert_ports (locked, 0x3fff, 0x3f0f);
    }
  /* With the xHCI lent, each hub that is to be seen speaks for its own ports. */
  pf_test_board_bind (small, XHCI, "vfio-pci", NULL);
  pf_test_board_bind (small, EHCI1, "ehci-pci", NULL);
  pf_test_board_bind (small, EHCI2, "ehci-pci", NULL);
  assert_ports (small, 0x0f3f, 0x0f3f);
}

static const PfUsbDevice *
find_device (const PfBoard *board, const char *name)
{
  for (guint i = 0; i < board->controllers->len; i++)
    {
      const PfController *controller = board->controllers->pdata[i];

      for (guint j = 0; j < controller->devices->len; j++)
        {
          const PfUsbDevice *device = controller->devices->pdata[j];

          if (g_str_equal (device->name, name))
            return device;
        }
    }
  return NULL;
}

/* The same socket has the same bit on both sides; what speaks SuperSpeed is in no port that moves. */
static void
test_devices_have_bits (void)
{
  for (guint bit = 0; bit < 14; bit++)
    for (guint side = 0; side < 2; side++)
      {
        g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
        g_autoptr (PfBoard) board = NULL;

        pf_test_board_plug (made_up, bit, "Stick", PF_TEST_STORAGE);
        made_up->registers[0] = side == 1 ? 0x3fff : 0x3fff & ~(1u << bit);
        board = pf_test_board_read (made_up);
        g_assert_cmpint (find_device (board, "Stick")->bit, ==, (int) bit);
      }
}

static void
test_devices_without_bit (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_board_plug_super_speed (made_up, 1, "Disk", PF_TEST_STORAGE);
  pf_test_board_plug_at (made_up, "0000:03:00.0", 2, "Card's webcam", PF_TEST_PLAIN);
  pf_test_board_plug_at (made_up, XHCI, 15, "Redirection", PF_TEST_PLAIN);
  board = pf_test_board_read (made_up);
  g_assert_cmpint (find_device (board, "Disk")->bit, ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (find_device (board, "Card's webcam")->bit, ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (find_device (board, "Redirection")->bit, ==, PF_CHIPSET_NO_BIT);
  g_assert_cmpint (find_device (board, "Integrated Rate Matching Hub")->bit, ==, PF_CHIPSET_NO_BIT);
}

/* Names of devices come from a kernel, or from a file that somebody made up. */
static void
test_odd_device_names (void)
{
  static const char *const names[]
      = { "",       "-",    "1-",   "1-0", "1-16",        "1-99999999999999999999", "x-1", "1-1.",
          "1-1..2", "1--1", "usb1", "1",   "4294967297-1" };
  PfChipsetTable *table = (PfChipsetTable *) pf_test_wish_get_chipsets ();
  const guint32 registers[] = { 0x3fff, 0x3fff, 0x3f, 0x3f };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (PfBoard) board = pf_board_new ();
      static const guint16 ids[] = { 0x8cb1, 0x8cad };
      static const char *const addresses[] = { XHCI, EHCI2 };
      PfUsbDevice *devices[2];

      for (guint j = 0; j < 2; j++)
        {
          PfFunction *function = pf_board_add_function (board, addresses[j]);
          PfController *controller;

          function->vendor = 0x8086;
          function->device = ids[j];
          function->class_code = j == 0 ? 0x0c0330 : 0x0c0320;
          controller = pf_board_add_controller (board, function);
          pf_controller_add_root_hub (controller, 1, 480, 15);
          devices[j] = pf_controller_add_device (controller, names[i]);
        }
      pf_board_link (board, table);
      pf_board_set_routing (board, board->routers->pdata[0], registers);
      g_assert_cmpint (devices[0]->bit, ==, PF_CHIPSET_NO_BIT);
      g_assert_cmpint (devices[1]->bit, ==, PF_CHIPSET_NO_BIT);
    }
}

static void
test_port_owners (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfBoard) board = NULL;
  const PfRouter *router;

  pf_test_board_bind (made_up, EHCI2, "vfio-pci", "vfio-pci");
  pf_test_board_bind (made_up, EHCI1, NULL, NULL);
  made_up->registers[0] = 0x3efe;
  board = pf_test_board_read (made_up);
  router = board->routers->pdata[0];
  g_assert_cmpint (pf_router_get_port_owner (router, 0), ==, PF_OWNER_NOBODY);
  g_assert_cmpint (pf_router_get_port_owner (router, 1), ==, PF_OWNER_HOST);
  g_assert_cmpint (pf_router_get_port_owner (router, 8), ==, PF_OWNER_GUEST);
  g_assert_cmpint (pf_router_get_port_owner (router, 9), ==, PF_OWNER_HOST);
}

static void
test_lender (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile = pf_test_plan_make_profile (made_up, "test", EHCI2, "");
  g_autoptr (PfBoard) board = NULL;

  pf_test_plan_switch (made_up, profile);
  pf_test_board_bind (made_up, EHCI1, "vfio-pci", NULL);
  board = pf_test_board_read (made_up);
  g_assert_cmpstr (pf_controller_get_lender (board, pf_board_find_controller (board, EHCI2)), ==,
                   "portferry");
  g_assert_cmpstr (pf_controller_get_lender (board, pf_board_find_controller (board, EHCI1)), ==, "others");
  g_assert_cmpstr (pf_controller_get_lender (board, pf_board_find_controller (board, XHCI)), ==, "");
}

/* What libvirt has brought back is no loan any more; what is half back is one. */
static void
test_drop_home (void)
{
  g_autoptr (PfTestBoard) made_up = pf_test_board_new_z97 ();
  g_autoptr (PfProfile) profile
      = pf_test_plan_make_profile (made_up, "test", EHCI1 " " EHCI2 " 0000:03:00.0", "");
  g_autoptr (PfBoard) board = NULL;

  pf_test_plan_switch (made_up, profile);
  board = pf_test_board_read (made_up);
  g_assert_false (pf_loans_drop_home (board->loans, board));
  g_assert_cmpuint (board->loans->loans->len, ==, 3);
  pf_board_free (g_steal_pointer (&board));
  pf_test_board_bind (made_up, EHCI1, "ehci-pci", NULL);
  pf_test_board_bind (made_up, EHCI2, NULL, "vfio-pci");
  g_ptr_array_remove (made_up->functions, pf_test_board_get (made_up, "0000:03:00.0"));
  board = pf_test_board_read (made_up);
  g_assert_true (pf_loans_drop_home (board->loans, board));
  g_assert_cmpuint (board->loans->loans->len, ==, 1);
  g_assert_nonnull (pf_loans_find (board->loans, 5));
  g_assert_false (pf_loans_drop_home (board->loans, board));
}

static void
test_describe (void)
{
  PfFunction function = { .address = (char *) "0000:00:14.0", .name = (char *) "Some xHCI" };
  g_autofree char *full = pf_function_describe (&function);
  g_autofree char *bare = NULL;
  g_autofree char *empty = NULL;
  g_autofree char *same = NULL;

  function.name = NULL;
  bare = pf_function_describe (&function);
  function.name = (char *) "";
  empty = pf_function_describe (&function);
  g_assert_cmpstr (full, ==, "Some xHCI (0000:00:14.0)");
  g_assert_cmpstr (bare, ==, "0000:00:14.0");
  g_assert_cmpstr (empty, ==, "0000:00:14.0");
  function.name = function.address;
  same = pf_function_describe (&function);
  g_assert_cmpstr (same, ==, "0000:00:14.0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/board/order-and-groups", test_order_and_groups);
  g_test_add_func ("/model/board/kinds", test_kinds);
  g_test_add_func ("/model/board/bridges", test_bridges);
  g_test_add_func ("/model/board/owners", test_owners);
  g_test_add_func ("/model/board/viability", test_viability);
  g_test_add_func ("/model/board/no-iommu", test_no_iommu_names_the_parameters);
  g_test_add_func ("/model/board/one-without-group", test_one_without_group);
  g_test_add_func ("/model/board/dead", test_dead);
  g_test_add_func ("/model/board/require-controller", test_require_controller);
  g_test_add_func ("/model/board/router", test_router);
  g_test_add_func ("/model/board/no-router", test_no_router);
  g_test_add_func ("/model/board/one-ehci-absent", test_one_ehci_absent);
  g_test_add_func ("/model/board/drop-router", test_drop_router);
  g_test_add_func ("/model/board/ports-and-owners", test_ports_do_not_depend_on_owners);
  g_test_add_func ("/model/board/devices/bits", test_devices_have_bits);
  g_test_add_func ("/model/board/devices/no-bit", test_devices_without_bit);
  g_test_add_func ("/model/board/devices/odd-names", test_odd_device_names);
  g_test_add_func ("/model/board/port-owners", test_port_owners);
  g_test_add_func ("/model/board/lender", test_lender);
  g_test_add_func ("/model/board/drop-home", test_drop_home);
  g_test_add_func ("/model/board/describe", test_describe);
  return g_test_run ();
}
