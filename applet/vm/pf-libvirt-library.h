/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

G_BEGIN_DECLS

/* The functions of libvirt that are used here. */
#define PF_LIBVIRT_FUNCTIONS(F)                                                                              \
  F (virConnectClose)                                                                                        \
  F (virConnectDomainEventDeregisterAny)                                                                     \
  F (virConnectDomainEventRegisterAny)                                                                       \
  F (virConnectOpen)                                                                                         \
  F (virDomainAttachDeviceFlags)                                                                             \
  F (virDomainDetachDeviceFlags)                                                                             \
  F (virDomainFree)                                                                                          \
  F (virDomainGetXMLDesc)                                                                                    \
  F (virDomainIsActive)                                                                                      \
  F (virDomainLookupByName)                                                                                  \
  F (virEventRegisterDefaultImpl)                                                                            \
  F (virGetLastErrorCode)                                                                                    \
  F (virGetLastErrorMessage)                                                                                 \
  F (virResetLastError)                                                                                      \
  F (virSetErrorFunc)

/**
 * PfLibvirtLibrary:
 *
 * libvirt, loaded when it is first needed: linked, it would double the time that portferryctl takes to start,
 * and a machine without libvirt would need it all the same.
 */
typedef struct
{
#define PF_LIBVIRT_MEMBER(name) __typeof__ (name) *name;
  PF_LIBVIRT_FUNCTIONS (PF_LIBVIRT_MEMBER)
#undef PF_LIBVIRT_MEMBER
} PfLibvirtLibrary;

const PfLibvirtLibrary *pf_libvirt_library_load (GError **error);

G_END_DECLS
