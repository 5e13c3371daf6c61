using System.Diagnostics;
using System.Globalization;

namespace FunctionsAuth.Bench.Targets;

/// <summary>When a starting server had come how far, since its process began.</summary>
internal sealed class Stages
{
    public const string Prefix = "stages: ";

    private readonly List<string> marks = [];

    public Stages() => Mark("runtime started");

    /// <summary>Milliseconds.</summary>
    public void Mark(string stage)
    {
        using var process = Process.GetCurrentProcess();
        marks.Add(string.Create(CultureInfo.InvariantCulture, $"{stage}={(DateTime.Now - process.StartTime).TotalMilliseconds:0}"));
    }

    public override string ToString() => Prefix + string.Join(';', marks);
}
