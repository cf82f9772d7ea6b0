/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_ERROR (pf_error_quark ())

/**
 * PfError:
 *
 * Everything that can go wrong, in the one error domain of the project. pf_error_get_name() gives the last part of
 * the D-Bus error name, org.portferry1.Error.NAME. Messages are for people: what was tried, what stopped it, what
 * to do.
 */
typedef enum
{
  PF_ERROR_FAILED,                  /* none of the below */
  PF_ERROR_INVALID_ARGUMENT,        /* a malformed address, id, option ... */
  PF_ERROR_NO_SUCH_DEVICE,          /* a well-formed address where nothing is */
  PF_ERROR_NOT_USB_CONTROLLER,      /* the device is not a USB controller */
  PF_ERROR_NO_IOMMU,                /* the controller is in no IOMMU group */
  PF_ERROR_VFIO_UNAVAILABLE,        /* vfio-pci is neither there nor can be loaded */
  PF_ERROR_GROUP_NOT_VIABLE,        /* a member of the group keeps a driver that vfio does not accept */
  PF_ERROR_NO_ROUTING_REGISTER,     /* the chipset has none; whole controllers may be lent all the same */
  PF_ERROR_LOCKDOWN,                /* the kernel refuses writes to config space */
  PF_ERROR_NOT_AUTHORIZED,          /* polkit says no */
  PF_ERROR_AUTHORIZATION_REQUIRED,  /* polkit would ask, but the caller forbade interaction */
  PF_ERROR_AUTHORIZATION_DISMISSED, /* the person closed polkit's question */
  PF_ERROR_BOARD_MISMATCH,          /* the profile was made for another machine */
  PF_ERROR_NO_SUCH_PROFILE,
  PF_ERROR_PROFILE_EXISTS,
  PF_ERROR_INVALID_PROFILE, /* a profile that cannot be read, or that contradicts itself */
  PF_ERROR_BUSY,            /* another switch is under way, or the profile is in force */
  PF_ERROR_OBJECTION,       /* something speaks against it; see Preview */
  PF_ERROR_HELD,            /* a VM holds the controller */
  PF_ERROR_WRITE_FAILED,    /* the kernel refused a write */
  PF_ERROR_VERIFY_FAILED,   /* the write succeeded, and what reads back is something else */
  PF_ERROR_TIMED_OUT,       /* the kernel has not answered in time */
  PF_ERROR_READ_ONLY,       /* this board is a saved copy */
  PF_ERROR_NO_SUCH_TRANSACTION,
  PF_ERROR_LIMIT_EXCEEDED,
  PF_ERROR_STUCK,          /* the kernel does not answer about a device of the board */
  PF_ERROR_NOT_PLUGGED_IN, /* a controller of the profile that can be unplugged is away */
} PfError;

#define PF_N_ERRORS (PF_ERROR_NOT_PLUGGED_IN + 1)

GQuark pf_error_quark (void);

const char *pf_error_get_name (PfError code);

gboolean pf_error_from_name (const char *name, PfError *code);

char *pf_error_get_objection_code (PfError code);

G_END_DECLS
