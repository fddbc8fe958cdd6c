/** @file
  The base types, tables and services of UEFI that the tracer uses, for x86-64 and GCC or Clang.

  Written from the specifications; names are theirs, and so are the include paths of edk2. The tracer's sources therefore
  compile against this folder or against MdePkg/Include, whichever the include path names: that path is the only switch.
  Services and members that the tracer never uses are VOID pointers here, so that a use does not compile by accident.

  UEFI 2.10: 2.3.1 data types, 4.2 to 4.4 tables, 7 boot services, appendix D status codes.
  edk2: MdePkg/Include/Uefi.h, Base.h, Uefi/UefiBaseType.h, Uefi/UefiSpec.h, Uefi/UefiMultiPhase.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef UEFI_H_
#define UEFI_H_

typedef unsigned char       BOOLEAN;
typedef char                CHAR8;
typedef unsigned short      CHAR16;
typedef unsigned char       UINT8;
typedef unsigned short      UINT16;
typedef unsigned int        UINT32;
typedef unsigned long long  UINT64;
typedef long long           INT64;
typedef UINT64              UINTN;
typedef INT64               INTN;

#define VOID   void
#define CONST  const
#define STATIC static
#define IN
#define OUT
#define OPTIONAL
#define TRUE   ((BOOLEAN)(1 == 1))
#define FALSE  ((BOOLEAN)(0 == 1))
#ifndef NULL
#define NULL   ((VOID *)0)
#endif

//
// UEFI 2.10, 2.3.4.2: the calling convention of the services is Microsoft's, inside the image it is the compiler's.
//
#define EFIAPI  __attribute__ ((ms_abi))

typedef UINTN   EFI_STATUS;
typedef VOID    *EFI_HANDLE;
typedef VOID    *EFI_EVENT;
typedef UINTN   EFI_TPL;
typedef UINT64  EFI_PHYSICAL_ADDRESS;

typedef struct {
  UINT32    Data1;
  UINT16    Data2;
  UINT16    Data3;
  UINT8     Data4[8];
} EFI_GUID;

#define MAX_BIT                0x8000000000000000ULL
#define EFI_ERROR(StatusCode)  (((INTN)(EFI_STATUS)(StatusCode)) < 0)
#define EFI_SUCCESS            0
#define EFI_INVALID_PARAMETER  (MAX_BIT | 2)
#define EFI_UNSUPPORTED        (MAX_BIT | 3)
#define EFI_BUFFER_TOO_SMALL   (MAX_BIT | 5)
#define EFI_NOT_FOUND          (MAX_BIT | 14)
#define EFI_ALREADY_STARTED    (MAX_BIT | 20)

typedef struct {
  UINT64    Signature;
  UINT32    Revision;
  UINT32    HeaderSize;
  UINT32    CRC32;
  UINT32    Reserved;
} EFI_TABLE_HEADER;

//
// 7.1, events and task priority levels
//
#define TPL_CALLBACK                   8
#define TPL_NOTIFY                     16
#define EVT_NOTIFY_SIGNAL              0x00000200
#define EVT_SIGNAL_EXIT_BOOT_SERVICES  0x00000201

typedef VOID (EFIAPI *EFI_EVENT_NOTIFY)(IN EFI_EVENT Event, IN VOID *Context);

typedef EFI_STATUS (EFIAPI *EFI_CREATE_EVENT)(
  IN UINT32 Type, IN EFI_TPL NotifyTpl, IN EFI_EVENT_NOTIFY NotifyFunction, IN VOID *NotifyContext, OUT EFI_EVENT *Event);
typedef EFI_STATUS (EFIAPI *EFI_CREATE_EVENT_EX)(
  IN UINT32 Type, IN EFI_TPL NotifyTpl, IN EFI_EVENT_NOTIFY NotifyFunction OPTIONAL, IN CONST VOID *NotifyContext OPTIONAL,
  IN CONST EFI_GUID *EventGroup OPTIONAL, OUT EFI_EVENT *Event);
typedef EFI_STATUS (EFIAPI *EFI_SIGNAL_EVENT)(IN EFI_EVENT Event);
typedef EFI_STATUS (EFIAPI *EFI_CLOSE_EVENT)(IN EFI_EVENT Event);

//
// 7.2, memory. The tracer allocates none; FreePool releases what OpenProtocolInformation returned.
//
typedef enum { AllocateAnyPages, AllocateMaxAddress, AllocateAddress, MaxAllocateType } EFI_ALLOCATE_TYPE;
typedef enum { EfiReservedMemoryType, EfiLoaderCode, EfiLoaderData, EfiBootServicesCode, EfiBootServicesData } EFI_MEMORY_TYPE;
typedef EFI_STATUS (EFIAPI *EFI_FREE_POOL)(IN VOID *Buffer);

//
// 7.3, protocols
//
typedef enum { EFI_NATIVE_INTERFACE } EFI_INTERFACE_TYPE;
typedef enum { AllHandles, ByRegisterNotify, ByProtocol } EFI_LOCATE_SEARCH_TYPE;

#define EFI_OPEN_PROTOCOL_BY_DRIVER  0x00000010

typedef struct {
  EFI_HANDLE    AgentHandle;
  EFI_HANDLE    ControllerHandle;
  UINT32        Attributes;
  UINT32        OpenCount;
} EFI_OPEN_PROTOCOL_INFORMATION_ENTRY;

typedef EFI_STATUS (EFIAPI *EFI_INSTALL_PROTOCOL_INTERFACE)(
  IN OUT EFI_HANDLE *Handle, IN EFI_GUID *Protocol, IN EFI_INTERFACE_TYPE InterfaceType, IN VOID *Interface);
typedef EFI_STATUS (EFIAPI *EFI_HANDLE_PROTOCOL)(IN EFI_HANDLE Handle, IN EFI_GUID *Protocol, OUT VOID **Interface);
typedef EFI_STATUS (EFIAPI *EFI_REGISTER_PROTOCOL_NOTIFY)(IN EFI_GUID *Protocol, IN EFI_EVENT Event, OUT VOID **Registration);
typedef EFI_STATUS (EFIAPI *EFI_LOCATE_HANDLE)(
  IN EFI_LOCATE_SEARCH_TYPE SearchType, IN EFI_GUID *Protocol OPTIONAL, IN VOID *SearchKey OPTIONAL,
  IN OUT UINTN *BufferSize, OUT EFI_HANDLE *Buffer);
typedef EFI_STATUS (EFIAPI *EFI_OPEN_PROTOCOL_INFORMATION)(
  IN EFI_HANDLE Handle, IN EFI_GUID *Protocol, OUT EFI_OPEN_PROTOCOL_INFORMATION_ENTRY **EntryBuffer, OUT UINTN *EntryCount);
typedef EFI_STATUS (EFIAPI *EFI_CONNECT_CONTROLLER)(
  IN EFI_HANDLE ControllerHandle, IN EFI_HANDLE *DriverImageHandle OPTIONAL, IN VOID *RemainingDevicePath OPTIONAL,
  IN BOOLEAN Recursive);
typedef EFI_STATUS (EFIAPI *EFI_DISCONNECT_CONTROLLER)(
  IN EFI_HANDLE ControllerHandle, IN EFI_HANDLE DriverImageHandle OPTIONAL, IN EFI_HANDLE ChildHandle OPTIONAL);

//
// 7.4 and 7.5, images and the rest
//
typedef EFI_STATUS (EFIAPI *EFI_EXIT_BOOT_SERVICES)(IN EFI_HANDLE ImageHandle, IN UINTN MapKey);
typedef EFI_STATUS (EFIAPI *EFI_STALL)(IN UINTN Microseconds);

//
// 4.4, EFI_BOOT_SERVICES
//
typedef struct {
  EFI_TABLE_HEADER                  Hdr;
  VOID                              *RaiseTPL;
  VOID                              *RestoreTPL;
  VOID                              *AllocatePages;
  VOID                              *FreePages;
  VOID                              *GetMemoryMap;
  VOID                              *AllocatePool;
  EFI_FREE_POOL                     FreePool;
  EFI_CREATE_EVENT                  CreateEvent;
  VOID                              *SetTimer;
  VOID                              *WaitForEvent;
  EFI_SIGNAL_EVENT                  SignalEvent;
  EFI_CLOSE_EVENT                   CloseEvent;
  VOID                              *CheckEvent;
  EFI_INSTALL_PROTOCOL_INTERFACE    InstallProtocolInterface;
  VOID                              *ReinstallProtocolInterface;
  VOID                              *UninstallProtocolInterface;
  EFI_HANDLE_PROTOCOL               HandleProtocol;
  VOID                              *Reserved;
  EFI_REGISTER_PROTOCOL_NOTIFY      RegisterProtocolNotify;
  EFI_LOCATE_HANDLE                 LocateHandle;
  VOID                              *LocateDevicePath;
  VOID                              *InstallConfigurationTable;
  VOID                              *LoadImage;
  VOID                              *StartImage;
  VOID                              *Exit;
  VOID                              *UnloadImage;
  EFI_EXIT_BOOT_SERVICES            ExitBootServices;
  VOID                              *GetNextMonotonicCount;
  EFI_STALL                         Stall;
  VOID                              *SetWatchdogTimer;
  EFI_CONNECT_CONTROLLER            ConnectController;
  EFI_DISCONNECT_CONTROLLER         DisconnectController;
  VOID                              *OpenProtocol;
  VOID                              *CloseProtocol;
  EFI_OPEN_PROTOCOL_INFORMATION     OpenProtocolInformation;
  VOID                              *ProtocolsPerHandle;
  VOID                              *LocateHandleBuffer;
  VOID                              *LocateProtocol;
  VOID                              *InstallMultipleProtocolInterfaces;
  VOID                              *UninstallMultipleProtocolInterfaces;
  VOID                              *CalculateCrc32;
  VOID                              *CopyMem;
  VOID                              *SetMem;
  EFI_CREATE_EVENT_EX               CreateEventEx;
} EFI_BOOT_SERVICES;

//
// 12.4.3, enough of it to tell the user that there is nowhere to write to
//
typedef struct _EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL;
struct _EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL {
  VOID          *Reset;
  EFI_STATUS    (EFIAPI *OutputString)(IN EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL *This, IN CHAR16 *String);
};

//
// 4.6, configuration tables, and 4.3, EFI_SYSTEM_TABLE
//
typedef struct {
  EFI_GUID    VendorGuid;
  VOID        *VendorTable;
} EFI_CONFIGURATION_TABLE;

typedef struct {
  EFI_TABLE_HEADER                   Hdr;
  CHAR16                             *FirmwareVendor;
  UINT32                             FirmwareRevision;
  EFI_HANDLE                         ConsoleInHandle;
  VOID                               *ConIn;
  EFI_HANDLE                         ConsoleOutHandle;
  EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL    *ConOut;
  EFI_HANDLE                         StandardErrorHandle;
  VOID                               *StdErr;
  VOID                               *RuntimeServices;
  EFI_BOOT_SERVICES                  *BootServices;
  UINTN                              NumberOfTableEntries;
  EFI_CONFIGURATION_TABLE            *ConfigurationTable;
} EFI_SYSTEM_TABLE;

#endif
