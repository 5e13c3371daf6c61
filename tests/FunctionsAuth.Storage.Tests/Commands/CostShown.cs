using System.Globalization;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>What a million of each flow costs.</summary>
public sealed class CostShown
{
    [Fact]
    public async Task Follows_from_the_formulas()
    {
        // 1 execution; 0.8 ms of processor, and 20 ms of waiting shared by 10; 1 signature and 1.5 kB of log.
        var row = await RowAsync("client_credentials");
        Assert.Equal([0.40, (0.0008 + 0.002) * 2 * 26, 2 * 26, 0, 3, 1.5 * 2.76, 0.40 + 0.1456 + 3 + 4.14, 0.40 + 52 + 3 + 4.14], row, Cents);
    }

    [Fact]
    public async Task Each_price_counts()
    {
        var row = await RowAsync("refresh", "price-execution-million=1", "price-table-million=10", "price-signature-million=0", "audit-kb=0", "price-gb-second=0");
        Assert.Equal([1, 0, 0, 40, 0, 0, 41, 41], row, Cents);
    }

    [Fact]
    public async Task Wrapped_keys_sign_for_nothing()
    {
        var row = await RowAsync("refresh", "wrapped=1");
        Assert.Equal([0, 0], row[4..6], Cents);
        Assert.Equal((0.0014 + 0.0016) * 52, row[1], 0.01);
    }

    [Fact]
    public async Task What_does_not_exist_is_told()
    {
        (await LocalHostCommand.RunAsync("cost", "--set", "price=1")).ShouldBeTold("There is no price. There are price-execution-million,");
        (await LocalHostCommand.RunAsync("cost", "--set", "concurrency=0")).ShouldBeTold("concurrency must be a number");
        (await LocalHostCommand.RunAsync("cost", "--set", "memory-gb=much")).ShouldBeTold("memory-gb must be a number");
    }

    private static async Task<double[]> RowAsync(string flow, params string[] factors)
    {
        var shown = (await LocalHostCommand.RunAsync(["cost", .. factors.SelectMany(factor => (string[])["--set", factor])])).ShouldSucceed();
        var row = shown.Lines.First(line => line.StartsWith(flow + " ", StringComparison.Ordinal));
        return [.. row[flow.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
    }

    private static bool Cents(double one, double other) => Math.Abs(one - other) < 0.011;
}
