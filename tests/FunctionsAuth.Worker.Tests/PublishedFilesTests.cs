using FunctionsAuth.WorkerHost.Worker;

namespace FunctionsAuth.Worker.Tests;

/// <summary>What is shipped: the app has no native code of its own, and no library for passkeys beside the framework's.</summary>
public sealed class PublishedFilesTests
{
    private static readonly string[] NativeEndings = [".so", ".dylib", ".a"];

    [Fact]
    public async Task The_published_app_has_no_native_library()
    {
        var folder = await PublishedApp.FolderAsync();
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).ToList();
        Assert.Contains("FunctionsAuth.Protocol.dll", files);
        Assert.DoesNotContain(files, file => NativeEndings.Contains(Path.GetExtension(file)) || file.Split(Path.DirectorySeparatorChar).Contains("native"));
        Assert.DoesNotContain(files, file => Path.GetFileName(file) is var name && (name.StartsWith("Fido2", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("NSec", StringComparison.OrdinalIgnoreCase) || name.Contains("sodium", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Microsoft.AspNetCore.Identity", StringComparison.Ordinal) || name.StartsWith("System.Formats.Cbor", StringComparison.Ordinal)));
    }
}
