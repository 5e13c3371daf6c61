using System.Buffers.Text;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Reads the parts of codes and refresh tokens.</summary>
public static class Handles
{
    public const int Address = 1;
    public const int FamilySecret = 20;
    public const int Secret = 52;

    /// <summary>The handle with one byte changed.</summary>
    public static string Forge(string handle, int at)
    {
        var bytes = Base64Url.DecodeFromChars(handle);
        bytes[at] ^= 1;
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The address of the grant.</summary>
    public static RecordAddress AddressOf(string handle) =>
        RecordAddress.FromBytes(Base64Url.DecodeFromChars(handle).AsSpan(Address, RecordAddress.Length));
}
