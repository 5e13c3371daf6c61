namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>Texts that tests leave for a reader: <c>dotnet dev.cs test</c> shows them.</summary>
internal static class TestResults
{
    public static void Write(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "TestResults"));
        File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }
}
