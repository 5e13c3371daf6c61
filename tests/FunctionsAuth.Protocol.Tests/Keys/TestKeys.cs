using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>Public keys that nobody can sign with: here it only matters which is which. The same in every run.</summary>
internal static class TestKeys
{
    private static readonly PublicKey[] All = [.. Enumerable.Range(0, 200).Select(Make)];

    public static PublicKey Number(int number) => All[number];

    private static PublicKey Make(int number)
    {
        var modulus = SHA256.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        return PublicKey.FromRsa(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
    }
}
