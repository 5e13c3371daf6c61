using System.Reflection;
using Azure.Security.KeyVault.Keys;

namespace FunctionsAuth.Storage.Tests.StandIns;

/// <summary>
/// The stand-in in eng/standins has no member that Azure.Security.KeyVault.Keys lacks. A list beside it has what the package offers of
/// the same types: a build with the stand-in holds the stand-in against the list, and one with the package holds the list against that.
/// </summary>
public sealed class KeyVaultSurface
{
    private const string List = "Azure.Security.KeyVault.Keys.surface.txt";

    private static readonly Assembly Compiled = typeof(KeyClient).Assembly;

    private static bool IsStandIn => Compiled.GetCustomAttribute<AssemblyProductAttribute>()?.Product == "FunctionsAuth";

    [Fact]
    public void The_stand_in_has_nothing_that_the_package_lacks()
    {
        var compiled = Surface.Of(Compiled);
        var listed = ReadList();
        var (part, whole) = IsStandIn ? (compiled, listed) : (listed, compiled);
        Assert.Empty(part.Except(whole).Order(StringComparer.Ordinal));
        // Both are what they are meant to be.
        Assert.Contains("KeyClient: virtual Uri VaultUri.get", part);
    }

    private static IReadOnlySet<string> ReadList()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(List)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
    }
}
