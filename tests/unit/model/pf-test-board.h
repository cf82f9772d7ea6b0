/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-test-wish.h"

G_BEGIN_DECLS

/* What kind of thing a plugged in device is. */
typedef enum
{
  PF_TEST_PLAIN = 0,
  PF_TEST_KEYBOARD = 1 << 0,
  PF_TEST_POINTER = 1 << 1,
  PF_TEST_STORAGE = 1 << 2,
  PF_TEST_HUB = 1 << 3,
  PF_TEST_DOUBTFUL = 1 << 4, /* a mouse with keys */
  PF_TEST_SECURITY_KEY = 1 << 5,
} PfTestTraits;

/**
 * PfTestFunction:
 * @refs: machines that share it
 * @ids: vendor << 16 | device
 * @hub_ports: of the rate matching hub below an EHCI; 0 for none
 * @no_reset: it cannot be reset; others can
 * @usb2_ports: of an xHCI's USB2 root hub
 * @usb3_ports: of its SuperSpeed root hub
 *
 * A function of a made-up machine. The other fields are those of PfFunction.
 */
typedef struct
{
  guint refs;
  char *address;
  char *path;
  gboolean is_pci;
  guint32 ids;
  guint32 subsystem;
  guint32 class_code;
  guint8 header_type;
  char *name;
  char *driver;
  char *driver_override;
  int group;
  gboolean dead;
  gboolean is_stuck;
  gboolean no_reset;
  guint hub_ports;
  guint usb2_ports;
  guint usb3_ports;
} PfTestFunction;

/**
 * PfTestInput:
 * @name: in words
 * @traits: what it is
 * @on: (nullable): the function that it hangs on
 * @adapters: (nullable): names of the USB devices that it may be connected by, separated by commas
 */
typedef struct
{
  char *name;
  PfTestTraits traits;
  char *on;
  char *adapters;
} PfTestInput;

/**
 * PfTestBoard:
 * @functions: (element-type PfTestFunction)
 * @others: (element-type utf8): addresses of functions that are no business of ours
 * @plugs: what is plugged in
 * @nodes: (element-type int PfNode): nodes in /dev/vfio
 * @held: (element-type int utf8): groups that a process has open, and its name
 * @router: address of the xHCI that @registers are of; NULL for none
 * @registers: XUSB2PR, XUSB2PRM, USB3_PSSEN, USB3PRM
 * @power: whether that xHCI may be put to sleep
 * @other_keyboards: how many PS/2 keyboards there are
 * @other_pointers: how many PS/2 mice
 * @inputs: (element-type PfTestInput): other keyboards and pointers that are not on USB
 *
 * A made-up machine that changes as plans are carried out on it. pf_test_board_read() looks at it as the
 * scanner looks at a real one: devices that are on a controller without a host driver are not seen, hubs
 * included.
 */
typedef struct
{
  GPtrArray *functions;
  GPtrArray *others;
  GPtrArray *plugs;
  GHashTable *nodes;
  GHashTable *held;
  const char *router;
  guint32 registers[4];
  PfPower power;
  PfLoans *loans;
  PfCpuVendor cpu_vendor;
  guint other_keyboards;
  guint other_pointers;
  GPtrArray *inputs;
} PfTestBoard;

PfTestBoard *pf_test_board_new (PfCpuVendor cpu_vendor);
PfTestBoard *pf_test_board_new_z97 (void);
PfTestBoard *pf_test_board_new_x99 (void);
PfTestBoard *pf_test_board_new_h81 (void);
PfTestBoard *pf_test_board_new_seven (void);
PfTestBoard *pf_test_board_new_amd (void);
PfTestBoard *pf_test_board_new_laptop (void);
PfTestBoard *pf_test_board_copy (const PfTestBoard *board);
void pf_test_board_free (PfTestBoard *board);

PfTestFunction *pf_test_board_add (PfTestBoard *board,
                                   const char *address,
                                   guint32 ids,
                                   guint32 class_code,
                                   const char *name,
                                   const char *driver,
                                   int group);
PfTestFunction *pf_test_board_get (const PfTestBoard *board, const char *address);
void
pf_test_board_bind (PfTestBoard *board, const char *address, const char *driver, const char *driver_override);
void pf_test_board_remove_iommu (PfTestBoard *board);
void pf_test_board_plug (PfTestBoard *board, guint bit, const char *name, PfTestTraits traits);
void pf_test_board_plug_at (
    PfTestBoard *board, const char *address, guint port, const char *name, PfTestTraits traits);
void pf_test_board_plug_super_speed (PfTestBoard *board, guint port, const char *name, PfTestTraits traits);

void pf_test_board_add_input (
    PfTestBoard *board, const char *name, PfTestTraits traits, const char *on, const char *adapters);

PfBoard *pf_test_board_read (const PfTestBoard *board);
char *pf_test_board_describe (const PfTestBoard *board);
gboolean pf_test_board_is_same (const PfTestBoard *a, const PfTestBoard *b, gboolean with_nodes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfTestBoard, pf_test_board_free)

G_END_DECLS
