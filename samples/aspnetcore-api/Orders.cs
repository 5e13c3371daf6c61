using System.Collections.Concurrent;
using System.Security.Claims;

namespace OrdersApi;

internal sealed record NewOrder(string Item);

internal sealed record Order(int Id, string Item, string By);

/// <summary>The orders, in memory. The subject of the token (<c>sub</c>) says whose order it is.</summary>
internal static class Orders
{
    private static readonly ConcurrentQueue<Order> Placed = new([new(1, "Green tea", "somebody-else")]);
    private static int lastId = 1;

    public static IEnumerable<Order> All => Placed;

    public static IEnumerable<Order> Of(ClaimsPrincipal user) => Placed.Where(order => order.By == Subject(user));

    public static Order Add(ClaimsPrincipal user, NewOrder order)
    {
        var placed = new Order(Interlocked.Increment(ref lastId), order.Item, Subject(user));
        Placed.Enqueue(placed);
        return placed;
    }

    private static string Subject(ClaimsPrincipal user) => user.FindFirstValue("sub")!;
}
