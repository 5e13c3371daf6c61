namespace FunctionsAuth.Documentation.Tests;

internal static class Program
{
    /// <summary>Writes the pages of docs/reference. The tests do not call it.</summary>
    public static void Main()
    {
        foreach (var (path, write) in Reference.ReferencePages.All)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Repository.PathOf(path))!);
            File.WriteAllText(Repository.PathOf(path), write().ReplaceLineEndings("\n"));
            Console.WriteLine(path);
        }
    }
}
