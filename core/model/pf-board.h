/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

#include "pf-chipset.h"
#include "pf-lender.h"
#include "pf-input.h"
#include "pf-iommu.h"
#include "pf-loans.h"
#include "pf-use.h"

G_BEGIN_DECLS

typedef enum
{
  PF_CONTROLLER_KIND_UHCI,
  PF_CONTROLLER_KIND_OHCI,
  PF_CONTROLLER_KIND_EHCI,
  PF_CONTROLLER_KIND_XHCI,
  PF_CONTROLLER_KIND_USB4,
  PF_CONTROLLER_KIND_OTHER,
} PfControllerKind;

typedef enum
{
  PF_OWNER_HOST,
  PF_OWNER_GUEST,
  PF_OWNER_NOBODY,
} PfOwner;

typedef struct _PfController PfController;
typedef struct _PfRouter PfRouter;

/**
 * PfFunction:
 * @address: canonical PCI address ("0000:00:14.0"), or the kernel's name of a group member that is not a PCI
 * device
 * @path: where it sits, by the device numbers of the bridges on the way ("pci0000:00/1c.4/00.0"): unlike the
 *   address this survives the renumbering of buses by a new card
 * @is_pci: FALSE for a platform device in an IOMMU group; only @address, @name and @driver are set then
 * @class_code: 24 bits, for example 0x0c0330
 * @header_type: config byte 0x0e without the multi-function bit; 1 for a PCI-to-PCI bridge
 * @name: vendor and device in words
 * @driver: (nullable): bound driver
 * @driver_override: (nullable): as read; NULL when unset
 * @iommu_group: number, or -1
 * @reset_methods: (nullable): how it can be reset; NULL when it cannot
 * @dead: its config space reads as all ones: the device does not answer
 * @is_removable: it can be unplugged: it is behind a Thunderbolt or USB4 port, or in a hot-plug slot
 * @warning: (nullable): what to know before lending it, as far as the machine's own facts do not contradict it; set by
 *   pf_board_link()
 * @reset_risk: (nullable): the part of @warning that tells of a dangerous reset
 * @is_stuck: the kernel does not answer about it, because it still works on a write to it, or a driver is
 * being unbound that does not let go; its @driver_override is not known then
 * @has_node: whether it has a node of its own, /dev/vfio/devices/vfioN: with vfio-pci, since Linux 6.6
 * @node: who has that node
 *
 * A PCI function: a USB controller, or a member of a controller's IOMMU group.
 */
typedef struct
{
  char *address;
  char *path;
  gboolean is_pci;
  guint16 vendor;
  guint16 device;
  guint16 subsystem_vendor;
  guint16 subsystem_device;
  guint32 class_code;
  guint8 header_type;
  char *name;
  char *driver;
  char *driver_override;
  int iommu_group;
  char **reset_methods;
  gboolean dead;
  gboolean is_stuck;
  gboolean has_node;
  PfNode node;
  gboolean is_removable;
  char *warning;
  char *reset_risk;
} PfFunction;

/**
 * PfRegion:
 * @start: its first address
 * @end: its last address
 *
 * A range of memory, as the devices of a group see it.
 */
typedef struct
{
  guint64 start;
  guint64 end;
} PfRegion;

/**
 * PfGroup:
 * @id: the kernel's number
 * @members: (element-type PfFunction): unowned, in address order
 * @has_node: whether /dev/vfio/ID exists
 * @node_uid: owner of the node
 * @node_gid: group of the node
 * @node_mode: permission bits of the node
 * @held: a process has the group, or one of its devices, open
 * @holder: (nullable): that process, where it could be told: "NAME (PID)" or "NAME “VM” (PID)"
 * @reserved: (element-type PfRegion): memory that the firmware wants mapped one to one for it, whoever has it
 *
 * An IOMMU group that a controller is in.
 */
typedef struct
{
  int id;
  GPtrArray *members;
  gboolean has_node;
  uid_t node_uid;
  gid_t node_gid;
  mode_t node_mode;
  gboolean held;
  char *holder;
  GArray *reserved;
} PfGroup;

/**
 * PfRootHub:
 * @bus: USB bus number
 * @speed: Mbit/s: 12, 480, 5000 ...
 * @ports: the kernel's maxchild
 */
typedef struct
{
  guint bus;
  guint speed;
  guint ports;
} PfRootHub;

/**
 * PfUsbDevice:
 * @sysname: the kernel's name, for example "3-1.2"
 * @name: what the device calls itself, else from the hardware database
 * @speed: Mbit/s
 * @ports: maxchild of a hub; 0 for others
 * @is_hub: whether it is a hub
 * @is_rate_matching: a hub that is part of the chipset: no socket, nothing plugged in
 * @is_keyboard: whether people type on it; zero is no
 * @is_pointer: whether people point with it; zero is no
 * @sort: what it is, where it only calls itself a keyboard
 * @is_storage: one of its interfaces is mass storage
 * @is_printer: one of its interfaces is a printer
 * @bit: bit of the router port it is plugged into, directly or below a hub; PF_CHIPSET_NO_BIT when none
 *
 * A device below a controller, root hubs left out.
 */
typedef struct
{
  char *sysname;
  guint16 vendor;
  guint16 product;
  char *name;
  guint speed;
  guint ports;
  gboolean is_hub;
  gboolean is_rate_matching;
  PfInputRank is_keyboard;
  PfInputRank is_pointer;
  PfInputSort sort;
  gboolean is_storage;
  gboolean is_printer;
  int bit;
} PfUsbDevice;

/**
 * PfController:
 * @function: the PCI function
 * @group: (nullable): its IOMMU group
 * @root_hubs: (element-type PfRootHub)
 * @devices: (element-type PfUsbDevice): in the order of the kernel's names
 * @router: (nullable): set when it is a router
 * @routing_problem: (nullable): why a chip that has a routing register is no router on this board
 */
struct _PfController
{
  PfFunction *function;
  PfControllerKind kind;
  PfGroup *group;
  GPtrArray *root_hubs;
  GPtrArray *devices;
  PfRouter *router;
  char *routing_problem;
};

/**
 * PfPort:
 * @bit: in XUSB2PR
 * @movable: whether the effective mask has the bit
 * @ehci: 1 or 2
 * @ehci_port: port of that EHCI's hub, from 1
 * @xhci_port: Linux port number on the xHCI's USB2 root hub, from 1; 0 when unknown
 */
typedef struct
{
  guint bit;
  gboolean movable;
  guint ehci;
  guint ehci_port;
  guint xhci_port;
} PfPort;

/**
 * PfRouter:
 * @controller: (unowned): the xHCI
 * @chipset: (unowned): what is known of it
 * @ehci: (unowned) (nullable): the companions that are present
 * @value: XUSB2PR (0xD0) as read
 * @firmware_mask: XUSB2PRM (0xD4) as read
 * @mask: the bits that may be changed here
 * @super_speed_value: USB3_PSSEN (0xD8) as read
 * @super_speed_mask: USB3PRM (0xDC) as read
 * @power: whether the kernel may put the xHCI to sleep
 * @existing: bits of the ports that this board has
 * @ports: (element-type PfPort): the same, in bit order
 */
struct _PfRouter
{
  PfController *controller;
  const PfChipset *chipset;
  PfController *ehci[PF_CHIPSET_MAX_EHCIS];
  guint32 value;
  guint32 firmware_mask;
  guint32 mask;
  guint32 super_speed_value;
  guint32 super_speed_mask;
  PfPower power;
  guint32 existing;
  GArray *ports;
};

/**
 * PfBoard:
 * @functions: (element-type PfFunction): controllers and the members of their groups, in address order
 * @others: (element-type utf8): addresses of all other PCI functions, to tell "no such device" from "not a USB
 *   controller"
 * @controllers: (element-type PfController): in address order
 * @groups: (element-type PfGroup)
 * @routers: (element-type PfRouter)
 * @kernel_version: of the running kernel, see PF_KERNEL_VERSION(); 0 when it is not known
 * @cpu_vendor: for advice on kernel parameters
 * @has_iommu: whether the kernel has any IOMMU group
 * @iommu_table: whether the firmware offers an IOMMU
 * @has_iommu_driver: whether the kernel drives one
 * @kernel_parameters: (nullable): the kernel's command line
 * @has_vfio: whether the vfio-pci driver is registered
 * @inputs: (element-type PfInput): keyboards and pointers that are not USB devices: PS/2, I2C, Bluetooth ...
 * @uses: (element-type PfUse): what the host uses of the functions above and the devices below them
 * @other_routes: how many other devices there are that a default route leads through
 * @loans: what Portferry itself has lent, as recorded
 * @lenders: what is known of those who lend beside us
 *
 * What this machine has, as a plain value. Filled by core/hw, by tests, or by hand.
 */
typedef struct
{
  GPtrArray *functions;
  GPtrArray *others;
  GPtrArray *controllers;
  GPtrArray *groups;
  GPtrArray *routers;
  guint kernel_version;
  PfCpuVendor cpu_vendor;
  gboolean has_iommu;
  PfIommuTable iommu_table;
  gboolean has_iommu_driver;
  char *kernel_parameters;
  gboolean has_vfio;
  GPtrArray *inputs;
  GPtrArray *uses;
  guint other_routes;
  PfLoans *loans;
  PfLenderFacts *lenders;
} PfBoard;

PfBoard *pf_board_new (void);
void pf_board_free (PfBoard *board);
PfFunction *pf_board_add_function (PfBoard *board, const char *address);
PfController *pf_board_add_controller (PfBoard *board, PfFunction *function);
PfRootHub *pf_controller_add_root_hub (PfController *controller, guint bus, guint speed, guint ports);
PfUsbDevice *pf_controller_add_device (PfController *controller, const char *sysname);
void pf_board_link (PfBoard *board, const PfChipsetTable *chipsets);
void pf_board_set_warnings (PfBoard *board, const PfChipsetTable *chipsets);
void pf_board_drop_router (PfBoard *board, PfRouter *router, const char *problem);
void pf_board_set_routing (PfBoard *board, PfRouter *router, const guint32 registers[4]);

void pf_board_add_use (PfBoard *board, PfUseKind kind, const PfUsePlace *place, const char *what, const char *where);
void pf_board_drop_close_uses (PfBoard *board);

PfFunction *pf_board_find_function (const PfBoard *board, const char *address);
PfController *pf_board_find_controller (const PfBoard *board, const char *address);
PfController *pf_board_find_controller_by_path (const PfBoard *board, const char *path);
PfController *pf_board_require_controller (const PfBoard *board, const char *address, GError **error);
PfGroup *pf_board_find_group (const PfBoard *board, int id);
PfRouter *pf_board_find_router (const PfBoard *board, const char *address);

gboolean pf_driver_is_vfio (const char *driver);
gboolean pf_class_is_usb_controller (guint32 class_code);
gboolean pf_function_is_usb_controller (const PfFunction *function);
gboolean pf_function_is_bridge (const PfFunction *function);
gboolean pf_function_is_lent (const PfFunction *function);
PfOwner pf_function_get_owner (const PfFunction *function);
gboolean pf_function_may_be_lent (const PfFunction *function);
char *pf_function_describe (const PfFunction *function);
char *pf_function_describe_stuck (const PfFunction *function);
char *pf_group_describe_held (int group, const char *holder);
char *pf_group_describe_reserved (const PfGroup *group);
const PfFunction *pf_group_find_stuck (const PfGroup *group);
gboolean pf_group_is_viable (const PfGroup *group, const PfFunction **blocker);
char *pf_controller_describe_warning (const PfController *controller);
PfControllerKind pf_controller_kind_from_class (guint32 class_code);
const char *pf_controller_kind_to_string (PfControllerKind kind);
const char *pf_owner_to_string (PfOwner owner);
const char *pf_controller_get_lender (const PfBoard *board, const PfController *controller);
gboolean pf_function_is_lent_by_others (const PfBoard *board, const PfFunction *function);
PfLenderDevice pf_function_get_lender_device (const PfFunction *function);
PfController *pf_router_get_side (const PfRouter *router, guint bit, guint32 value);
guint32 pf_router_get_setting (const PfRouter *router, PfRouterSetting setting);
PfOwner pf_router_get_port_owner (const PfRouter *router, guint bit);
gboolean pf_loans_drop_home (PfLoans *loans, const PfBoard *board);
char *pf_board_describe_iommu (const PfBoard *board);
gboolean pf_board_can_lend (const PfBoard *board, GError **error);
gboolean pf_controller_can_be_lent (const PfBoard *board, const PfController *controller, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfBoard, pf_board_free)

G_END_DECLS
