/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-chips.h"

#include <string.h>

#include "pf-fake-drivers.h"

#define ID(vendor, device) ((guint32) (vendor) << 16 | (device))

/* Port maps: XUSB2PR as shipped ACPI tables and the drivers of Linux, coreboot and FreeBSD describe it. This
 * table is kept apart from data/chipsets.conf on purpose: a test in which both sides read one table shows
 * nothing. */
#define HUB1_ALL                                                                                             \
  {                                                                                                          \
    0, 1, 2, 3, 4, 5, 6, 7                                                                                   \
  }
#define HUB2_ALL                                                                                             \
  {                                                                                                          \
    8, 9, 10, 11, 12, 13, -1, -1                                                                             \
  }
#define HUB_NONE                                                                                             \
  {                                                                                                          \
    -1, -1, -1, -1, -1, -1, -1, -1                                                                           \
  }
#define LYNX_POINT                                                                                           \
  {                                                                                                          \
    0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 12, 13, 6, 7, 14, -1                                                     \
  }
#define IN_ORDER                                                                                             \
  {                                                                                                          \
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15                                                     \
  }

static const PfFakeRouterChip routers[] = {
  { .xhci = ID (0x8086, 0x1e31), /* Panther Point: ports 5-8 of EHCI #1 and all of EHCI #2 cannot move */
    .ehci = { ID (0x8086, 0x1e26), ID (0x8086, 0x1e2d) },
    .hub = { ID (0x8087, 0x0024), ID (0x8087, 0x0024) },
    .hub_ports = { 8, 6 },
    .hub_bits = { { 0, 1, 2, 3, -1, -1, -1, -1 }, HUB_NONE },
    .usb2_bits = IN_ORDER,
    .usb2_ports = 4,
    .usb3_ports = 4,
    .mask = 0xf },
  { .xhci = ID (0x8086, 0x8c31), /* Lynx Point */
    .ehci = { ID (0x8086, 0x8c26), ID (0x8086, 0x8c2d) },
    .hub = { ID (0x8087, 0x8000), ID (0x8087, 0x8008) },
    .hub_ports = { 8, 6 },
    .hub_bits = { HUB1_ALL, HUB2_ALL },
    .usb2_bits = LYNX_POINT,
    .usb2_ports = 15,
    .usb3_ports = 6,
    .mask = 0x3fff },
  { .xhci = ID (0x8086, 0x8cb1), /* Wildcat Point-H */
    .ehci = { ID (0x8086, 0x8ca6), ID (0x8086, 0x8cad) },
    .hub = { ID (0x8087, 0x8001), ID (0x8087, 0x8009) },
    .hub_ports = { 8, 6 },
    .hub_bits = { HUB1_ALL, HUB2_ALL },
    .usb2_bits = LYNX_POINT,
    .usb2_ports = 15,
    .usb3_ports = 6,
    .mask = 0x3fff },
  { .xhci = ID (0x8086, 0x8d31), /* Wellsburg */
    .ehci = { ID (0x8086, 0x8d26), ID (0x8086, 0x8d2d) },
    .hub = { ID (0x8087, 0x8002), ID (0x8087, 0x800a) },
    .hub_ports = { 8, 6 },
    .hub_bits = { HUB1_ALL, HUB2_ALL },
    .usb2_bits = LYNX_POINT,
    .usb2_ports = 15,
    .usb3_ports = 6,
    .mask = 0x3fff },
  { .xhci = ID (0x8086, 0x9c31), /* Lynx Point-LP */
    .ehci = { ID (0x8086, 0x9c26), 0 },
    .hub = { ID (0x8087, 0x8000), 0 },
    .hub_ports = { 8, 0 },
    .hub_bits = { HUB1_ALL, HUB_NONE },
    .usb2_bits = IN_ORDER,
    .usb2_ports = 9,
    .usb3_ports = 4,
    .mask = 0xff },
  { .xhci = ID (0x8086, 0x9cb1), /* Wildcat Point-LP */
    .ehci = { ID (0x8086, 0x9ca6), 0 },
    .hub = { ID (0x8087, 0x8001), 0 },
    .hub_ports = { 8, 0 },
    .hub_bits = { HUB1_ALL, HUB_NONE },
    .usb2_bits = IN_ORDER,
    .usb2_ports = 11,
    .usb3_ports = 4,
    .mask = 0xff },
  { .xhci = ID (0x8086, 0x0f35), /* Bay Trail */
    .ehci = { ID (0x8086, 0x0f34), 0 },
    .hub = { ID (0x8087, 0x07e6), 0 },
    .hub_ports = { 4, 0 },
    .hub_bits = { { 0, 1, 2, 3, -1, -1, -1, -1 }, HUB_NONE },
    .usb2_bits = IN_ORDER,
    .usb2_ports = 6,
    .usb3_ports = 1,
    .mask = 0xf },
};

/* What claims a function by the leading digits of its class; pf-fake-drivers.c has what goes by its ID. */
static const struct
{
  guint32 vendor;
  guint32 class_code;
  guint32 class_mask;
  const char *driver;
} drivers[] = {
  { 0, 0x0c0300, 0xffffff, "uhci_hcd" },
  { 0, 0x0c0310, 0xffffff, "ohci-pci" },
  { 0, 0x0c0320, 0xffffff, "ehci-pci" },
  { 0, 0x0c0330, 0xffffff, "xhci_hcd" },
  { 0, 0x0c0340, 0xffffff, "thunderbolt" },
  { 0, 0x060400, 0xffff00, "pcieport" },
  { 0, 0x040300, 0xffff00, "snd_hda_intel" },
  { 0, 0x010601, 0xffffff, "ahci" },
  { 0, 0x010802, 0xffffff, "nvme" },
  { 0, 0x080500, 0xffff00, "sdhci-pci" },
  { 0, 0x0c0010, 0xffffff, "firewire_ohci" },
  { 0x8086, 0x030000, 0xff0000, "i915" },
  { 0x1002, 0x030000, 0xff0000, "amdgpu" },
  { 0x10de, 0x030000, 0xff0000, "nouveau" },
  { 0x8086, 0x020000, 0xffff00, "e1000e" },
  { 0x10ec, 0x020000, 0xffff00, "r8169" },
  { 0x8086, 0x028000, 0xffff00, "iwlwifi" },
  { 0x8086, 0x060100, 0xffff00, "lpc_ich" },
  { 0x8086, 0x0c0500, 0xffff00, "i801_smbus" },
  { 0x1022, 0x0c0500, 0xffff00, "piix4_smbus" },
  { 0x8086, 0x078000, 0xffff00, "mei_me" },
  { 0x1022, 0x108000, 0xffff00, "ccp" },
  { 0x8086, 0x010400, 0xffff00, "vmd" },
};

static const struct
{
  const char *driver;
  const char *module;
} modules[] = {
  { "uhci_hcd", "uhci_hcd" },     { "ohci-pci", "ohci_pci" }, { "ehci-pci", "ehci_pci" },
  { "xhci_hcd", "xhci_pci" },     { "vfio-pci", "vfio_pci" }, { "i801_smbus", "i2c_i801" },
  { "piix4_smbus", "i2c_piix4" },
};

/**
 * pf_fake_chips_find_router:
 * @id: of an xHCI
 *
 * Returns: (nullable): the chip, if it has routing registers
 */
const PfFakeRouterChip *
pf_fake_chips_find_router (guint32 id)
{
  for (guint i = 0; i < G_N_ELEMENTS (routers); i++)
    if (routers[i].xhci == id)
      return &routers[i];
  return NULL;
}

/**
 * pf_fake_chips_find_companion:
 * @id: of an EHCI
 * @index: (out): 0 for EHCI #1, 1 for EHCI #2
 *
 * Returns: (nullable): the chipset that this EHCI is part of
 */
const PfFakeRouterChip *
pf_fake_chips_find_companion (guint32 id, int *index)
{
  for (guint i = 0; i < G_N_ELEMENTS (routers); i++)
    for (*index = 0; *index < 2; ++*index)
      if (routers[i].ehci[*index] == id)
        return &routers[i];
  return NULL;
}

/**
 * pf_fake_chips_get_driver:
 *
 * Returns: (nullable): the driver that claims such a function by itself
 */
const char *
pf_fake_chips_get_driver (guint32 id, guint32 class_code)
{
  const char *driver = pf_fake_drivers_find (id, class_code);

  if (driver != NULL)
    return driver;
  for (guint i = 0; i < G_N_ELEMENTS (drivers); i++)
    if ((class_code & drivers[i].class_mask) == drivers[i].class_code
        && (drivers[i].vendor == 0 || drivers[i].vendor == id >> 16))
      return drivers[i].driver;
  return NULL;
}

/**
 * pf_fake_chips_get_module:
 *
 * Returns: (nullable): the module that the driver is in; NULL when it is part of the kernel
 */
const char *
pf_fake_chips_get_module (const char *driver)
{
  static const char *const builtin[] = { "pcieport", "pci-stub", NULL };
  const char *module = pf_fake_drivers_find_module (driver);

  if (g_strv_contains (builtin, driver))
    return NULL;
  if (module != NULL)
    return module;
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    if (strcmp (modules[i].driver, driver) == 0)
      return modules[i].module;
  return driver;
}
